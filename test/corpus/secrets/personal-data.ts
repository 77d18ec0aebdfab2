/** Addresses, cards, accounts and telephone numbers as of real people; the people are made up, the checksums are right. */
import { DIGITS, type Dice, dice, type Sample } from './sample.ts';

const FIRST = [
  'mara',
  'jonas',
  'priya',
  'stefan',
  'lucia',
  'tomasz',
  'ingrid',
  'kwame',
  'yuki',
  'nadia',
  'pierre',
  'olga',
];
const LAST = [
  'vogel',
  'okafor',
  'lindqvist',
  'moreau',
  'tanaka',
  'nowak',
  'ferrari',
  'haddad',
  'keller',
  'ivanova',
  'brandt',
  'silva',
];
const HOSTS = [
  'gmail.com',
  'gmx.de',
  'orange.fr',
  'outlook.com',
  'proton.me',
  'stadtwerke-kiel.de',
  'shopnet.io',
  'uni-graz.at',
  'seznam.cz',
  'icloud.com',
];

const PLACES: ((value: string) => Omit<Sample, 'kind'>)[] = [
  (v) => ({ path: 'test/order.test.ts', text: `const order = { id: 7, customer: '${v}', total: 12 };` }),
  (v) => ({ path: 'src/special.py', text: `    # the crash of ${v} on Tuesday` }),
  (v) => ({ path: 'fixtures/user.json', text: `{ "id": 8812, "contact": "${v}", "plan": "pro" }` }),
  (v) => ({ path: '', text: `Reproduced with the data of ${v} from production.` }),
  (v) => ({ path: 'seed/users.csv', text: `id,contact,plan\n8812,${v},pro` }),
];

export function personalData(seed: number): Sample[] {
  const d = dice(seed);
  const samples: Sample[] = [];
  let at = 0;
  const add = (kind: string, value: string) => {
    const place = PLACES[at++ % PLACES.length];
    if (place) samples.push({ kind, ...place(value) });
  };
  for (let i = 0; i < 30; i++) {
    const [first, last, host] = [d.pick(FIRST), d.pick(LAST), d.pick(HOSTS)];
    const local = d.pick([
      `${first}.${last}`,
      `${first[0]}${last}`,
      `${first}_${last}${d.number(90) + 10}`,
      `${last}.${first}+orders`,
      `${first}${d.number(900) + 100}`,
    ]);
    add('email', `${local}@${host}`);
  }
  for (const [prefix, length] of [
    ['4539', 16],
    ['4916', 16],
    ['5412', 16],
    ['5290', 16],
    ['2374', 16],
    ['3782', 15],
    ['3437', 15],
    ['6011', 16],
    ['3589', 16],
    ['4485', 16],
  ] as const) {
    add('card', card(d, prefix, length));
    add('card', spaced(card(d, prefix, length)));
  }
  for (const [country, bank] of [
    ['DE', 18],
    ['AT', 16],
    ['FR', 23],
    ['ES', 20],
    ['NL', 0],
    ['CH', 17],
    ['BE', 12],
    ['DK', 14],
    ['PL', 24],
    ['FI', 14],
  ] as const) {
    const account = country === 'NL' ? `INGB${d.of(DIGITS, 10)}` : d.of(DIGITS, bank);
    add('iban', iban(country, account));
    add('iban', spaced(iban(country, account)));
  }
  for (const [path, write] of [
    ['src/sms.ts', (v: string) => `await sms.send({ to: '${v}', text });`],
    ['app/call.py', (v: string) => `phone = "${v}"`],
    ['fixtures/user.json', (v: string) => `{ "name": "M. V.", "mobile": "${v}" }`],
    ['', (v: string) => `The customer (phone ${v}) sees the error.`],
    ['web/contact.html', (v: string) => `<a href="tel:${v}">`],
  ] as const)
    for (const number of [
      `+49 ${d.pick(['151', '170', '176'])} ${pairs(d, 4)}`,
      `+33 6 ${pairs(d, 4, ' ')}`,
      `+1 212-${d.number(700) + 210}-${pairs(d, 2, '')}`,
      `+44 20 ${d.number(1000) + 8013} ${pairs(d, 2, '')}`,
    ])
      samples.push({ kind: 'phone', path, text: write(number) });
  return samples;
}

/** Two digits each, none of them counting or repeating. */
function pairs(d: Dice, count: number, between = ''): string {
  return Array.from({ length: count }, () => d.pick(['17', '29', '38', '40', '53', '61', '74', '82', '96'])).join(
    between,
  );
}

function spaced(text: string): string {
  return text.replace(/(.{4})(?=.)/g, '$1 ');
}

function card(d: Dice, prefix: string, length: number): string {
  const body = prefix + d.of(DIGITS, length - prefix.length - 1);
  const sum = [...body].reverse().reduce((total, digit, at) => {
    const doubled = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return body + ((10 - (sum % 10)) % 10);
}

function iban(country: string, account: string): string {
  const digits = [...`${account}${country}00`].map((sign) => Number.parseInt(sign, 36)).join('');
  const check = 98n - (BigInt(digits) % 97n);
  return `${country}${check.toString().padStart(2, '0')}${account}`;
}
