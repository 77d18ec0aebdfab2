/** What looks random and is no secret: hashes, ids, encoded images, lock files. */
import { BASE62, BASE64, DIGITS, dice, HEX, LOWER, type Sample, UPPER, URL_SAFE } from './sample.ts';

export function innocentGenerated(seed: number): Sample[] {
  const d = dice(seed);
  const samples: Sample[] = [];
  const add = (kind: string, path: string, texts: string[]) => {
    for (const text of texts) samples.push({ kind, path, text });
  };
  const uuid = () => `${d.of(HEX, 8)}-${d.of(HEX, 4)}-4${d.of(HEX, 3)}-a${d.of(HEX, 3)}-${d.of(HEX, 12)}`;
  const ulid = () => `01J${d.of('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 23)}`;

  for (let i = 0; i < 3; i++) {
    add('hash', 'src/cache.ts', [
      `const ETAG = '"${d.of(HEX, 32)}"';`,
      `expect(sha256(input)).toBe('${d.of(HEX, 64)}');`,
      `// regression of ${d.of(HEX, 40)}`,
      `const md5 = "${d.of(HEX, 32)}";`,
      `cacheKey: 'v3:${d.of(HEX, 40)}',`,
      `checksum = "${d.of(HEX, 64)}"`,
      `passwordHash: '$2b$10$${d.of(BASE62, 53)}',`,
      `fingerprint: INC-${d.of(HEX, 16)}`,
      `expect(hash).toMatchInlineSnapshot(\`"${d.of(URL_SAFE, 27)}"\`);`,
    ]);
    add('id', 'test/orders.test.ts', [
      `const orderId = '${uuid()}';`,
      `{ id: '${ulid()}', requestId: "${uuid()}" }`,
      `sessionId: '${uuid()}',`,
      `pageToken: '${d.of(URL_SAFE, 40)}',`,
      `nextToken = "${d.of(BASE64, 44)}"`,
      `_id: ObjectId('${d.of(HEX, 24)}')`,
      `traceparent: '00-${d.of(HEX, 32)}-${d.of(HEX, 16)}-01'`,
      `const nanoid = '${d.of(URL_SAFE, 21)}';`,
      `clientId: '${d.of(DIGITS, 12)}-${d.of(LOWER, 32)}.apps.googleusercontent.com'`,
      `publishableKey: 'pk_test_${d.of(BASE62, 24)}'`,
      `dsn: 'https://${d.of(HEX, 32)}@o${d.of('123456789', 6)}.ingest.sentry.io/${d.of('123456789', 7)}'`,
      `accountSid: 'AC${d.of(HEX, 32)}'`,
      `idempotencyToken: '${uuid()}'`,
      `cancelToken = '${uuid()}'`,
    ]);
    add('encoded', 'test/image.test.ts', [
      `const png = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ${d.of(BASE64, 60)}==';`,
      `src="data:font/woff2;base64,d09GMgABAAAAA${d.of(BASE64, 100)}"`,
      `const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP${d.of(BASE64, 30)}', 'base64');`,
      `//# sourceMappingURL=data:application/json;base64,eyJ2ZXJzaW9uIjozfQ${d.of(BASE62, 40)}`,
      `const wasm = "AGFzbQEAAAABBgFgAX8Bf${d.of(BASE64, 60)}";`,
      `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${d.of(BASE64, 43)}`,
      `-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIE${d.of(BASE64, 44)}\n${d.of(BASE64, 64)}\n-----END CERTIFICATE-----`,
      `-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A${d.of(BASE64, 32)}\n-----END PUBLIC KEY-----`,
    ]);
    add('lock file', 'package-lock.json', [
      `      "integrity": "sha512-${d.of(BASE64, 86)}==",`,
      `      "resolved": "https://packages.example.org/lodash.token/-/lodash.token-4.4.0.tgz#${d.of(HEX, 40)}",`,
      `    {file = "requests-2.31.0-py3-none-any.whl", hash = "sha256:${d.of(HEX, 64)}"},`,
      `github.com/golang-jwt/jwt/v5 v5.2.1 h1:${d.of(BASE64, 43)}=`,
      `checksum = "${d.of(HEX, 64)}"\ndependencies = ["secrecy", "token-2"]`,
      `  resolution: {integrity: sha512-${d.of(BASE64, 86)}==}`,
      `"@babel/parser@^7.23.0", "js-tokens@^4.0.0":\n  version "7.23.6"`,
      `    --hash=sha256:${d.of(HEX, 64)} \\`,
      `"dist": { "shasum": "${d.of(HEX, 40)}", "key": "secret-keys@1.2.3" }`,
    ]);
    add('minified', 'public/app.min.js', [
      `!function(e,t){var n=e.token||"",r={password:t.p0,secretKey:n.k1};return n?e[r.secretKey]:void 0}(a1,b2);`,
      `var p={token:function(t){return"a"+t},pwd:1,secret:!0,apiKey:e.k};h.prototype.password=h.p;`,
      `.t-${d.of(LOWER + DIGITS, 6)}{color:#${d.of(HEX, 6)};background:url(/i/${d.of(HEX, 20)}.png)}`,
      `(self.webpackChunk=self.webpackChunk||[]).push([[${d.of(DIGITS, 4)}],{${d.of(DIGITS, 5)}:(e,t,n)=>{n.d(t,{Z:()=>r})}}]);`,
    ]);
    add('number', 'src/numbers.ts', [
      `const at = ${1_700_000_000_000 + d.number(99_999_999)};`,
      `expect(total).toBe(${d.of('123456789', 13)});`,
      `const ean = '40${d.of(DIGITS, 11)}';`,
      `tracking: '1Z${d.of(UPPER + DIGITS, 16)}',`,
      `isbn: '978-3-${d.of(DIGITS, 3)}-${d.of(DIGITS, 5)}-${d.of(DIGITS, 1)}',`,
      `version: 20${d.of('12', 1)}4${d.of(DIGITS, 10)}`,
      `Invoice 2024-${d.of(DIGITS, 8)} of 2024-11-20T10:15:${d.of('12345', 2)}.123456789Z`,
      `const range = [${d.of('123456789', 8)}, ${d.of('123456789', 8)}, -${d.of('123456789', 6)}];`,
      `latitude: 52.${d.of(DIGITS, 13)}, longitude: 13.${d.of(DIGITS, 14)},`,
    ]);
  }
  return samples;
}
