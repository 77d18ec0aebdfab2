import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IP_STEP, redact, STEPS } from '../../events/redact.ts';
import { findSecrets } from '../../gate/secrets.ts';
import { vendorTokens } from '../corpus/secrets/vendor-tokens.ts';

/** Put together at run time, so that no scanner takes this file for a leak. */
const KEYS = {
  aws: `AKIA${'IOSFODNN7ABCDEFG'}`,
  github: `ghp_${'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'}`,
  slack: `xoxb-${'123456789012-abcdefGHIJKL'}`,
  stripe: `sk_live_${'51H8abcDEFghiJKLmnoPQR'}`,
  anthropic: `sk-ant-${'api03-Ab12Cd34Ef56Gh78Ij90'}`,
  openai: `sk-proj-${'Ab12Cd34Ef56Gh78Ij90Kl12'}`,
  jwt: `eyJ${'hbGciOiJIUzI1NiJ9'}.eyJ${'zdWIiOiIxMjM0NSJ9'}.${'abc123DEF456'}`,
  pem: `-----BEGIN RSA ${'PRIVATE'} KEY-----\nMIIEowIBAAKCAQEA7Zk3\n-----END RSA ${'PRIVATE'} KEY-----`,
};

describe('redact', () => {
  it.each(Object.entries(KEYS))('takes out %s keys', (_kind, key) => {
    expect(redact(`before ${key} after`, { ips: false })).toBe('before [secret] after');
  });

  it.each([
    ['Authorization: Bearer abc123def456', 'Authorization: [secret]'],
    ['"authorization":"Basic dXNlcjpwYXNz"', '"authorization":"[secret]"'],
    ['sent bearer abc123def456 again', 'sent bearer [secret] again'],
    ['postgres://shop:hunter2@db.shop.io/x', 'postgres://[secret]@db.shop.io/x'],
    ['login password=hunter2 failed', 'login password=[secret] failed'],
    ['{"client_secret":"hunter2","user":7}', '{"client_secret":"[secret]","user":7}'],
    ['{\\"apiKey\\":\\"hunter2\\"}', '{\\"apiKey\\":\\"[secret]\\"}'],
    ['GET /x?token=abc123&page=2', 'GET /x?token=[secret]&page=2'],
    ["secret: 'hunter2'", "secret: '[secret]'"],
    ['"password": "none of yours"', '"password": "[secret]"'],
    [`token=${'x1'.repeat(3000)} next`, 'token=[secret] next'],
    ['mail to ann.lee+x@shop.io failed', 'mail to [email] failed'],
    ['card 4012 8888 8888 1881 declined', 'card [card] declined'],
    ['iban DE14 9506 1903 5553 7392 46 refused', 'iban [iban] refused'],
    ['phone: +49 151 2961 2917 is taken', 'phone: [phone] is taken'],
    ['{"mobile":"+33661825361"}', '{"mobile":"[phone]"}'],
    ['password: str = "hunter2"', 'password: str = "[secret]"'],
    ['with basic c2hvcDpodW50ZXIy sent', 'with basic [secret] sent'],
  ])('%s', (text, clean) => {
    expect(redact(text, { ips: false })).toBe(clean);
  });

  it.each([
    'SyntaxError: Unexpected token: }',
    'invalid token: expired',
    'jwt secret: undefined',
    '{"password":null,"token":"none"}',
    'order 4012888888881882 is no card, 1700000000000000 is a time',
    'react@18.2.0 needs node@20',
    'Bearer authentication failed',
    'Basic authentication is off',
    'iban DE14 9506 1903 5553 7392 47 has a wrong checksum',
    "Cannot read properties of undefined (reading 'password')",
  ])('leaves what is no secret: %s', (text) => {
    expect(redact(text, { ips: true })).toBe(text);
  });

  it('leaves of the tokens of all vendors nothing that the gate would find', async () => {
    for (const { kind, text } of vendorTokens(5)) {
      const clean = redact(text, { ips: false });
      expect(clean, kind).toContain('[secret]');
      expect(await findSecrets(clean), kind).toEqual([]);
    }
  });

  it('takes IPs out when asked, but not loopback', () => {
    const text = 'from 203.0.113.9:443 and 2001:db8::1 to 127.0.0.1:80 and ::1';
    expect(redact(text, { ips: false })).toBe(text);
    expect(redact(text, { ips: true })).toBe('from [ip]:443 and [ip] to 127.0.0.1:80 and ::1');
  });

  it('leaves no assigned secret whatever stands around it', () => {
    const secret = fc
      .stringMatching(/^[A-Za-z][A-Za-z0-9]{7,20}$/)
      .filter((s) => !/^(undefined|required|missing|expired)/i.test(s));
    fc.assert(
      fc.property(
        fc.string(),
        secret,
        fc.constantFrom('password=', 'api_key: ', 'SECRET="', '"token":"'),
        (around, s, name) => {
          expect(redact(`${around} ${name}${s}`, { ips: true })).not.toContain(`${name}${s}`);
        },
      ),
    );
  });
});

/** What patterns begin, go on and end with; whole secrets among them. */
const piece = fc.oneof(
  fc.constantFrom(...Object.values(KEYS), ...vendorTokens(1).map(({ text }) => text)),
  fc.constantFrom(
    ...'-----BEGIN|://|ann:hunter2@|shop.io|eyJ|AKIA|ghp_|xoxb-|xapp-1-|hooks.slack.com/services/|sk_live_|sk-|SG.|ya29.|npm_|Cookie: |set-cookie=|Authorization|: |bearer |BASIC |passwd|PWD|client_secret|Token|apiKey|access-key|credentials|jsessionid|PHPSESSID|connect.sid|session-id|DE14 9506 1903|tel:|+49 151|::|2001:db8:|1.2.|3.4'.split(
      '|',
    ),
  ),
  fc.constantFrom('=', ':', '"', "'", '\\', ' ', '-', '.', '_', '@', '+', '\n', '[secret]'),
  fc.stringMatching(/^[0-9a-f]{1,24}$/),
  fc.stringMatching(/^[A-Za-z0-9_]{1,40}$/),
  fc.stringMatching(/^\d{1,19}$/),
  fc.string({ maxLength: 4 }),
);

it('changes no text without the sign that it looks for first', () => {
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
      (text) => {
        let clean = text;
        for (const { sign, take } of [...STEPS, IP_STEP]) {
          const taken = take(clean);
          if (taken !== clean) expect(clean).toMatch(sign);
          clean = taken;
        }
        expect(redact(text, { ips: true })).toBe(clean);
      },
    ),
    { numRuns: 3000 },
  );
});

it.each(['password', 'a@', 'sk-', 'eyJ', '4111', '://a:', 'token=', '-----BEGIN PRIVATE KEY-----', '::1'])(
  'ends on 2 MB of %s',
  (piece) => {
    const garbage = piece.repeat(2_000_000 / piece.length);
    expect(redact(garbage, { ips: true }).length).toBeGreaterThan(0);
  },
);
