/** Private keys, URLs with passwords, JWTs and headers, made of random characters. */
import { BASE62, BASE64, dice, HEX, type Sample } from './sample.ts';

export function keysAndUrls(seed: number): Sample[] {
  const d = dice(seed);
  const samples: Sample[] = [];
  const add = (kind: string, path: string, text: string) => samples.push({ kind, path, text });

  const dashes = '-----';
  const key = (type: string, start: string, end = '\n') => {
    const lines = [
      start + d.of(BASE64, 64 - start.length),
      d.of(BASE64, 64),
      d.of(BASE64, 64),
      `${d.of(BASE64, 38)}==`,
    ];
    const named = `${type ? `${type} ` : ''}PRIVATE KEY`;
    return [`${dashes}BEGIN ${named}${dashes}`, ...lines, `${dashes}END ${named}${dashes}`].join(end);
  };
  const rsa = () => key('RSA', 'MIIEpAIBAAKCAQEA');
  const pkcs8 = () => key('', 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC');
  add('private_key', 'certs/server.key', rsa());
  add('private_key', 'certs/server.pem', pkcs8());
  add('private_key', 'certs/ec.pem', key('EC', 'MHcCAQEEI'));
  add('private_key', '.ssh/id_ed25519', key('OPENSSH', 'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ'));
  add('private_key', 'certs/locked.pem', key('ENCRYPTED', 'MIIFHDBOBgkqhkiG9w0BBQ0w'));
  add('private_key', 'src/keys.ts', `export const KEY = \`${rsa()}\`;`);
  add('private_key', 'app/keys.py', `KEY = """${pkcs8()}\n"""`);
  add(
    'private_key',
    'service-account.json',
    JSON.stringify({ type: 'service_account', private_key_id: d.of(HEX, 40), private_key: `${pkcs8()}\n` }, null, 2),
  );
  add('private_key', 'src/config.js', `const key = '${pkcs8().replaceAll('\n', '\\n')}';`);
  add('private_key', '.env', `JWT_PRIVATE_KEY="${rsa().replaceAll('\n', '\\n')}"`);
  add('private_key', 'k8s/secret.yaml', `stringData:\n  tls.key: |\n${rsa().replace(/^/gm, '    ')}`);
  add(
    'private_key',
    'src/key-lines.ts',
    `const pem = [\n${pkcs8()
      .split('\n')
      .map((line) => `  '${line}',`)
      .join('\n')}\n].join('\\n');`,
  );
  add(
    'private_key',
    'src/key-parts.js',
    `const pem =\n${rsa()
      .split('\n')
      .map((line) => `  '${line}\\n'`)
      .join(' +\n')};`,
  );
  add('private_key', 'src/cut.ts', rsa().split('\n').slice(0, 3).join('\n'));
  add(
    'private_key',
    'keys/mail.asc',
    `${dashes}BEGIN PGP PRIVATE KEY BLOCK${dashes}\nVersion: GnuPG v2\n\n${d.of(BASE64, 64)}\n${d.of(BASE64, 64)}`,
  );

  const word = () => d.of(BASE62, 14);
  for (const [path, text] of [
    ['src/feed.ts', `await fetch('https://reports:${word()}@files.acme-logistics.com/daily.csv');`],
    ['pip.conf', `index-url = https://ci:${word()}@pypi.shopware-internal.net/simple`],
    ['Dockerfile', `RUN git clone https://deploy:${word()}@git.shopware.de/shop/orders.git`],
    ['scripts/sync.sh', `curl -O "ftp://partner:${word()}@ftp.partner-gmbh.de/export.zip"`],
    ['src/proxy.js', `const proxy = "http://svc-proxy:${word()}@proxy.corpnet.io:3128";`],
    ['README.md', `Try it: https://admin:${word()}@staging.orderly.app/login`],
    ['docker-compose.yml', `      HEALTH_URL: https://probe:${word()}@status.orderly.app/ready`],
    ['app/client.py', `session.get("https://api:${word()}@api.mailfoundry.co/v3/messages")`],
  ] as const)
    add('url:basic_auth', path, text);
  for (const [path, text] of [
    ['.env', `DATABASE_URL=postgres://orders:${word()}@db-1.eu-central-1.rds.amazonaws.com:5432/orders`],
    ['src/db.ts', `const pool = new Pool({ connectionString: 'postgresql://orders:${word()}@10.2.3.4/orders' });`],
    ['app/db.py', `engine = create_engine("mysql+pymysql://root:${word()}@mysql.shopnet.io/orders")`],
    [
      'docker-compose.yml',
      `      MONGO_URL: mongodb://orders:${word()}@mongo-0.shopnet.io:27017/orders?authSource=admin`,
    ],
    ['config/prod.json', `{ "mongo": "mongodb+srv://svc:${word()}@cluster0.ab1cd.mongodb.net/orders" }`],
    ['src/queue.ts', `amqp.connect('amqps://orders:${word()}@rabbit.shopnet.io/vhost');`],
    ['src/cache.ts', `createClient({ url: 'rediss://default:${word()}@cache-7.shopnet.io:6380' });`],
    ['config/application.properties', `spring.datasource.url=jdbc:mysql://orders:${word()}@db.shopnet.io/orders`],
    ['src/search.js', `new Client({ node: 'https://elastic:${word()}@search.shopnet.io:9243' })`],
    ['mail.env', `SMTP_URL=smtps://mailer:${word()}@smtp.mailfoundry.co:465`],
    ['app/nats.py', `await nats.connect("nats://orders:${word()}@nats.shopnet.io:4222")`],
    ['main.tf', `  default = "sqlserver://sa:${word()}@sql.shopnet.io:1433"`],
  ] as const)
    add('url:database', path, text);

  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const jwt = (alg: string, claims: object) => `${encode({ alg, typ: 'JWT' })}.${encode(claims)}.${d.of(BASE62, 43)}`;
  for (const alg of ['HS256', 'RS256', 'ES256', 'EdDSA'])
    add('jwt', 'src/auth.ts', `const session = '${jwt(alg, { sub: d.of(HEX, 24), role: 'admin', iat: 1760000000 })}';`);
  add('jwt', 'test/api.http', `GET /orders\nAuthorization: Bearer ${jwt('HS256', { sub: '71', scope: 'orders' })}`);
  add('jwt', '', `It answers 401 with ${jwt('RS512', { uid: 8812, exp: 1790000000 })} since Tuesday.`);
  add('jwt', 'app/fixtures.py', `COOKIE = "session=${jwt('HS256', { user: d.of(HEX, 12) })}; Path=/"`);

  add('authorization', 'src/http.ts', `headers: { Authorization: 'Bearer ${d.of(BASE62, 40)}' },`);
  add('authorization', 'scripts/call.sh', `curl -H "Authorization: Bearer ${d.of(HEX, 48)}" "$URL"`);
  add(
    'authorization',
    'app/http.py',
    `headers = {"Authorization": "Basic ${Buffer.from(`svc:${word()}`).toString('base64')}"}`,
  );
  add(
    'authorization',
    'src/old.js',
    `req.setRequestHeader('Authorization', 'Basic ${Buffer.from(`orders:${word()}`).toString('base64')}');`,
  );
  add('authorization', 'api.yaml', `  example: Bearer ${d.of(BASE62, 32)}`);
  return samples;
}
