import { describe, expect, it } from 'vitest';
import { findSecrets } from '../../gate/secrets.ts';

/** Put together at run time, so that no scanner takes this file for a leak. */
const GITHUB = `gh${'p_'}wq8ZbT4kXv1Ms7RyLc2NfJ9hGd5PaE3uKi6O`;
const AWS = `AK${'IA'}2OGYBAH6QLMNPQRS`;

async function kindsIn(text: string, path = 'src/a.ts') {
  return (await findSecrets(text, path)).map(({ kind }) => kind);
}

it('says what stands where, each place once, in order', async () => {
  const code = `first();\nconst token = '${GITHUB}'; // ask ann.lee@shopnet.io\nlogin({ password: 'Tr0ub4dor' });\n`;
  expect(await findSecrets(code, 'src/a.ts')).toEqual([
    { kind: 'github_token', index: code.indexOf(GITHUB) },
    { kind: 'email', index: code.indexOf('ann.lee') },
    { kind: 'assigned_secret', index: code.indexOf('password') },
  ]);
});

it.each([
  ['plus signs', `const key = '${GITHUB.slice(0, 9)}' + '${GITHUB.slice(9)}';`],
  ['lines', `const key =\n  '${GITHUB.slice(0, 12)}' +\n  '${GITHUB.slice(12)}';`],
  ['neighbours', `KEY = ("${GITHUB.slice(0, 12)}"\n       "${GITHUB.slice(12)}")`],
  ['continued lines', `KEY="${GITHUB.slice(0, 12)}\\\n${GITHUB.slice(12)}"`],
])('puts literals together over %s', async (_how, code) => {
  expect(await findSecrets(code)).toEqual([{ kind: 'github_token', index: code.indexOf('gh') }]);
});

it('is not switched off by comments', async () => {
  for (const comment of [
    'secretlint-disable-line',
    'secretlint-disable',
    'gitleaks:allow',
    'pragma: allowlist secret',
    'nosec',
  ])
    expect(await kindsIn(`// ${comment}\nconst key = '${AWS}'; // ${comment}`), comment).toEqual(['aws_access_key_id']);
});

it('reads bare values in settings, not in code', async () => {
  expect(await kindsIn('  password: Tr0ub4dor\n', 'config/app.yaml')).toEqual(['assigned_secret']);
  expect(await kindsIn('  password: Tr0ub4dor\n', 'src/a.ts')).toEqual([]);
  expect(await kindsIn('DB_PASSWORD=Tr0ub4dor\n', '')).toEqual(['assigned_secret']);
});

it('takes attribution for what it is', async () => {
  expect(await kindsIn('{ "contributors": ["Mara Vogel <mara.vogel@shopnet.io>"] }', 'package.json')).toEqual([]);
  expect(await kindsIn('// seen by mara.vogel@shopnet.io', 'src/a.ts')).toEqual(['email']);
});

it('never opens a file by the name of what it reads', async () => {
  expect(await kindsIn(`key: ${AWS}`, '/etc/hostname.p12')).toEqual(['aws_access_key_id']);
});

describe('takes time in proportion to the length', () => {
  it.each([
    'password',
    'a@',
    'sk-',
    'eyJaaaaaaaaaa.',
    '4111 ',
    '://a:',
    'https://a:a@a.',
    'token=',
    '-----BEGIN PRIVATE KEY-----',
    '"+"',
    "'\n'",
    '\\\n',
    'ghs_1_',
    'xoxb-',
    'mongodb://',
    '"+49 1',
    'curl -u ',
    '"api-key-api-',
    'mara.vogel@shopnet.io ',
    `${AWS} `,
    "password = 'Tr0ub4dor'\n",
  ])('of %j', async (piece) => {
    const short = piece.repeat(100_000 / piece.length);
    const long = short.repeat(8);
    await findSecrets(short);
    const piecewise = await cpuTime(async () => {
      for (let part = 0; part < 8; part++) await findSecrets(short);
    });
    const whole = await cpuTime(() => findSecrets(long));
    // The same amount of text: 1 when the time is linear, 8 when it is quadratic. What takes no time has no ratio.
    expect(whole / Math.max(piecewise, 20_000)).toBeLessThan(4);
  });
});

/** Microseconds of this process: a busy machine does not count. */
async function cpuTime(work: () => Promise<unknown>): Promise<number> {
  const from = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(from);
  return user + system;
}
