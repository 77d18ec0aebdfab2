/** Passwords and keys that only the name before them tells: chosen by people, or generated. */
import { BASE62, BASE64, DIGITS, dice, HEX, LOWER, type Sample, UPPER } from './sample.ts';

/** What people choose. Written down before any rule was measured on them. */
const CHOSEN = [
  'Tr0ub4dor&3',
  'Sommer2024!',
  'Kx9!vRm2',
  'M0nty-Pyth0n-77',
  'blau7fisch9',
  'Zaq12wsxCde3',
  'N1ghtw1sh!',
  'orders#2019#Kiel',
  'Gr8Barrier$Reef',
  'p!nkFl0yd73',
  'VfB-Stuttgart-1893',
  'katze4711maus',
  'SuperGeheim!Ja',
  'w8woord.Utrecht',
  'Bx7_pLq2_Zr9',
  'correcthorse42battery',
  'Lisbon#Tram28',
  'J4zz&Blues',
  'Fr1day-N1ght',
  '84719362',
];

type Form = readonly [path: string, write: (value: string) => string];

const PASSWORD_FORMS: readonly Form[] = [
  ['src/db.ts', (v) => `const pool = new Pool({ user: 'orders', password: '${v}', max: 5 });`],
  ['src/login.js', (v) => `const dbPassword = "${v}";`],
  ['app/settings.py', (v) => `DB_PASSWORD = '${v}'`],
  ['app/mail.py', (v) => `    smtp_password: str = "${v}"`],
  ['config/app.yaml', (v) => `database:\n  user: orders\n  password: ${v}\n  pool: 5`],
  ['config/app.yml', (v) => `  admin_password: "${v}"`],
  ['.env', (v) => `SMTP_PASSWORD=${v}`],
  ['.env.production', (v) => `export ADMIN_PASSWORD='${v}'`],
  ['config/db.json', (v) => `{ "user": "orders", "password": "${v}" }`],
  ['src/main/resources/application.properties', (v) => `spring.datasource.password=${v}`],
  ['Dockerfile', (v) => `ENV POSTGRES_PASSWORD=${v}`],
  ['cmd/main.go', (v) => `	password := "${v}"`],
  ['src/Main.java', (v) => `    private static final String PASSWORD = "${v}";`],
  ['config/database.php', (v) => `    'password' => '${v}',`],
  ['config/web.xml', (v) => `<password>${v}</password>`],
  ['src/login.ts', (v) => `if (input.password === '${v}') return grantAdmin();`],
  ['src/Builder.java', (v) => `  .withPassword("${v}")`],
  ['lib/task.rb', (v) => `  config.passphrase = "${v}"`],
  ['main.tf', (v) => `  master_password = "${v}"`],
  ['test/login.test.ts', (v) => `await login({ user: 'ann', passwd: \`${v}\` });`],
];

const KEY_FORMS: readonly Form[] = [
  ['src/client.ts', (v) => `const apiKey = '${v}';`],
  ['app/client.py', (v) => `API_KEY = "${v}"`],
  ['.env', (v) => `PAYMENT_API_KEY=${v}`],
  ['config/app.yaml', (v) => `  client_secret: ${v}`],
  ['config/app.json', (v) => `  "clientSecret": "${v}",`],
  ['src/session.js', (v) => `app.use(session({ secret: '${v}', resave: false }));`],
  ['src/token.ts', (v) => `const accessToken: string = "${v}";`],
  ['app/jwt.py', (v) => `SECRET_KEY = '${v}'`],
  ['src/options.ts', (v) => `const options = { auth_token: process.env.AUTH_TOKEN ?? '${v}' };`],
  ['settings.ini', (v) => `secret_key = ${v}`],
  ['scripts/deploy.sh', (v) => `export DEPLOY_TOKEN=${v}`],
  ['src/crypto.ts', (v) => `export const encryptionKey = "${v}";`],
  ['src/parts.ts', (v) => `const signingKey = '${v.slice(0, 9)}' +\n  '${v.slice(9)}';`],
  ['app/parts.py', (v) => `API_SECRET = ("${v.slice(0, 12)}"\n              "${v.slice(12)}")`],
];

export function assignedValues(seed: number): Sample[] {
  const d = dice(seed);
  const samples: Sample[] = [];
  PASSWORD_FORMS.forEach(([path, write], at) => {
    samples.push({ kind: 'password:chosen', path, text: write(CHOSEN[at % CHOSEN.length] ?? '') });
    samples.push({ kind: 'password:chosen', path, text: write(CHOSEN[(at + 7) % CHOSEN.length] ?? '') });
    samples.push({
      kind: 'password:generated',
      path,
      text: write(d.of(BASE62, 10) + d.of(DIGITS, 1) + d.of(LOWER, 1)),
    });
  });
  for (const [path, write] of KEY_FORMS) {
    samples.push({ kind: 'key:hex', path, text: write(d.of(HEX, 32)) });
    samples.push({ kind: 'key:base62', path, text: write(d.of(BASE62, 31) + d.of(DIGITS, 1)) });
    samples.push({ kind: 'key:upper', path, text: write(d.of(UPPER + DIGITS, 19) + d.of(DIGITS, 1)) });
  }
  const aws = d.of(BASE64, 40);
  samples.push({ kind: 'key:aws_secret', path: 'src/s3.ts', text: `secretAccessKey: '${aws}',` });
  samples.push({ kind: 'key:aws_secret', path: '.env', text: `AWS_SECRET_ACCESS_KEY=${d.of(BASE62, 40)}` });
  samples.push({ kind: 'key:aws_secret', path: 'app/s3.py', text: `aws_secret_access_key="${d.of(BASE62, 40)}"` });
  return samples;
}
