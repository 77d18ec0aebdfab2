/** Code that speaks of secrets without holding one. Written for this corpus, after what fixes really add. */
import type { Sample } from './sample.ts';

const LINES: Record<string, string> = {
  'src/env.ts': `
const password = process.env.DB_PASSWORD;
const apiKey = process.env.API_KEY ?? '';
const token = process.env['GITHUB_TOKEN'] || undefined;
const secret = config.get<string>('auth.jwt.secret');
const { password, token2 } = options;
const token = await getToken('refresh');
const secretKey = await vault.read('kv/data/orders/key2');
password: env('DB_PASSWORD'),
if (!process.env.SECRET_KEY) throw new Error('SECRET_KEY is not set');
const apiKey = requireEnv('STRIPE_API_KEY_V2');
const dsn = \`postgres://\${user}:\${password}@\${host}/orders\`;
headers: { Authorization: \`Bearer \${token}\` },
headers: { Authorization: 'Bearer ' + token },
const auth = 'Basic ' + Buffer.from(user + ':' + password).toString('base64');
password = getpass.getpass("Password: ")
this.password = password2;
token = tokens[0];
return { token: jwt.sign(payload, secret, { algorithm: 'HS256' }) };
const key = crypto.createHash('sha256').update(secret).digest('hex');
credentials: 'include',
credentials: 'same-origin',
cookie: 'connect.sid',
const cookieName = 'session_v2_id';
const SESSION_COOKIE = '__Host-session2';
tokenUrl: 'https://auth.orders.dev/oauth2/token',
const tokenType = 'urn:ietf:params:oauth:token-type:jwt';
secretName: 'db-credentials-v2',
secretRef: orders-secrets-2
passwordField: 'user_password_2',
const passwordPattern = '^(?=.*[a-z])(?=.*[0-9]).{8,}$';`,
  'app/env.py': `
api_key = os.environ['API_KEY_V2']
password = os.getenv("DB_PASSWORD", "")
token = request.headers.get('X-Auth-Token-2')
SECRET_KEY = env.str("SECRET_KEY")
secret = secretsmanager.get_secret_value(SecretId="prod/orders2")["SecretString"]
def login(user: str, password: str = "") -> Token2:
password: Optional[str] = None
token: Annotated[str, Header(alias="X-Token-2")]
raise ValueError("password must have 8 characters")
assert response.json()["token"] == create_token(user_id=42)
credentials = Credentials.from_service_account_file("key2.json")
client_secret = settings.oauth.client_secret_v2
api_key_header = APIKeyHeader(name="X-API-Key-2")`,
  'src/types.ts': `
token: string; secret: z.string().min(8); password = ''
password?: string | undefined;
apiKey: ApiKeyV2;
privateKey: Uint8Array;
readonly secretKey: CryptoKey;
type Token = { kind: 'string' | 'number2'; value: string };
interface Credentials { password: string; token: Base64String }
secret: Buffer | null;
export type PasswordRule = 'length8' | 'digit1' | 'symbol';
password: z.string().regex(/[0-9]/).max(128),
token: TokenType.Identifier2,
const accessKey: keyof Settings = 'accessKeyId2';
private readonly apiKey: string;
function sign(secret: string, alg = 'HS256'): string;
Schema({ password: { type: String, minlength: 8 } })
tokens: Token2[];
encryptionKey: Uint8Array;`,
  'test/placeholder.test.ts': `
password: 'password123',
password: 'secret123',
password: 'Passw0rd!',
password: 'P@ssw0rd123',
password: 'test1234',
password: 'correct-password',
password: 'wrong-password-1',
password: 'changeme123',
const token = 'test-token-1';
const token = 'valid-token-123';
const token = 'invalid.token.here1';
apiKey: 'test-api-key-1',
apiKey: 'YOUR_API_KEY_123',
apiKey: 'sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxx1',
api_key = "<your-api-key-1>"
secret: 'my-secret-key-1',
secret: 'super-secret-jwt-key-2024',
secret: 'keyboard cat',
clientSecret: 'client-secret-1',
client_secret = "dummy-secret-99"
const key = 'AKIA${'IOSFODNN7EXAMPLE'}';
aws_secret_access_key = ${'wJalrXUtnFEMI/K7MDENG'}/bPxRfiCYEXAMPLEKEY
token: 'fake-token-42',
token: 'abc123def456',
token: '1234567890abcdef',
password: '12345678',
password: 'qwerty123',
password: 'hunter22',
apiKey: '00000000000000000000000000000000',
apiKey: 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee',
Authorization: 'Bearer test-token-12345678901',
Authorization: 'Bearer abc123',
headers.authorization = 'Basic dXNlcjpwYXNz';
GITHUB_TOKEN=ghp_${'x'.repeat(36)}
token = "ghp_${'1234567890'.repeat(3)}123456"
const slack = 'xoxb-your-token-goes-here-0001';
const stripe = 'sk_test_${'0'.repeat(24)}';
placeholder = 'sk-ant-your-key-goes-here-0000'; password: '<PASSWORD_2024>'
password: '\${{ secrets.DB_PASSWORD_2 }}'
token: '{{ vault_token_2 }}'
password: "%(db_password_2)s"
password: '$DB_PASSWORD_2',
secret: '[secret]', email: '[email]', card: '[card]'
expect(login('ann', 'wrong')).rejects.toThrow('invalid password')
const key = \`-----BEGIN PRIVATE KEY-----\\n\${body}\\n-----END PRIVATE KEY-----\`;
expect(pem.startsWith('-----BEGIN RSA PRIVATE KEY-----')).toBe(true);
if (text.includes('-----BEGIN OPENSSH PRIVATE KEY-----')) return 'ssh';
const fake = '-----BEGIN PRIVATE KEY-----\\n...\\n-----END PRIVATE KEY-----';
'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.${'eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ'}.${'SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c'}'
expect(decode('eyJhbGciOi.not.a-token')).toBeNull();`,
  'deploy/app.yaml': `
password: \${{ secrets.DB_PASSWORD }}
token: \${GITHUB_TOKEN}
password: "{{ .Values.db.password }}"
secretKeyRef: { name: orders-db-2, key: password }
  passwordSecretName: orders-db-credentials-v2
  apiKeySecret: projects/orders/secrets/api-key-2
password: postgres
  POSTGRES_PASSWORD: postgres
  MYSQL_ROOT_PASSWORD: root
  secret: true
  tokenTtl: 3600s
token: !vault |
- secret: db-password-file-1
  existingSecret: redis-auth-2
imagePullSecrets: [{ name: registry-creds-1 }]`,
  'src/urls.ts': `
const url = 'postgres://postgres:postgres@localhost:5432/test';
const url = 'postgres://user:password@localhost/db';
const url = 'mongodb://root:example@mongo:27017';
const url = 'redis://:@127.0.0.1:6379/0';
const url = 'https://user:pass@example.com/path';
const url = 'amqp://guest:guest@rabbitmq:5672';
const url = 'mysql://user:secret@db.example.org/orders';
const url = 'https://x-access-token:\${TOKEN}@github.com/shop/shop.git';
url.replace(/:\\/\\/[^:]+:[^@]+@/, '://***:***@')
expect(parse('http://a:b@c.d/e')).toEqual(parts);
const proxy = 'http://username:password@proxy.example.net:8080';
postgresql://\${DB_USER}:\${DB_PASS}@\${DB_HOST}:5432/\${DB_NAME}
jdbc:postgresql://localhost:5432/orders?user=test&password=test
git clone git@github.com:shop/shop.git && cd shop
https://github.com/actions/checkout@v4.2.2
import x from 'https://esm.sh/react@18.2.0/jsx-runtime';
const pattern = /(\\w+):(\\w+)@([\\w.]+)/;
'ssh://git@bitbucket.org/team/repo.git'`,
  'src/mail.ts': `
to('user@example.com'); git clone git@github.com:shop/shop.git
const from = 'noreply@shopnet.io';
replyTo: 'support@shopnet.io',
email: 'ann@example.org',
email: 'jane.doe@example.net',
email: 'test@test.com',
email: 'foo@bar.com',
email: 'john.doe@gmail.com',
email: 'a@b.co',
email: 'user1@domain.com',
email: 'alice@acme.com',
email: 'invalid@localhost',
expect(isEmail('not-an-email@')).toBe(false);
expect(isEmail('x@y')).toBe(false);
"icon@2x.png": "icons/icon@3x.png",
@media (min-width: 40em) { .a { background: url(bg@2x.webp) } }
"@types/node@20.1.0", "react@18.2.0-rc.1",
from: "Orders <orders@example.com>",
 * @author Mara Vogel <mara.vogel@shopnet.io>
Co-authored-by: Jonas Keller <jonas.keller@shopnet.io>
Copyright (c) 2024 Priya Haddad <priya@haddad.dev>
mailto:security@shopnet.io
const re = /^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$/i;
user = f"{name}@{domain}.com"
rsync build/ deploy@\${HOST}:/srv/app
@app.route("/users/<int:id>") # see users@v2.routes
name@2.0.1.tgz
12345+bot@users.noreply.github.com`,
  'test/money.test.ts': `
stripe.charge({ number: '4242424242424242' })
number: '4111 1111 1111 1111',
number: '5555-5555-5555-4444',
card: '378282246310005',
card: '6011111111111117',
card: '3530111333300000',
card: '4000000000000002',
card: '5105105105105100',
card: '4000 0027 6000 3184',
iban: 'DE89370400440532013000',
iban: 'GB82 WEST 1234 5698 7654 32',
iban: 'FR1420041010050500013M02606',
iban: 'DE00000000000000000000',
expect(isIban('DE12345678901234567890')).toBe(false);
expect(luhn('4539578763621487')).toBe(false);
phone: '+1 555 0100',
phone: '+1-555-555-0199',
phone: '+15555550123',
phone: '+49 30 12345678',
phone: '+44 7700 900123',
phone: '+441632960961',
phone: '+1234567890',
tel: '+00 000 000000',
expect(format(+1700000000000)).toBe('2023');
const offset = '+0200'; const sum = a +4915112 + b;
const zone = '2024-11-20T10:00:00+01:00';
const price = '+12.345.678,90';`,
  'src/i18n.ts': `
"password.label": "Password",
"password.hint": "At least 8 characters, 1 digit",
"login.token.expired": "Your token has expired. Sign in again.",
passwordRepeat: 'Passwort wiederholen',
password: 'Mot de passe',
secret: 'Geheimnis (mindestens 12 Zeichen)',
token: 'Токен',
'errors.password': 'must-contain-1-digit',
password: "Contraseña",
apiKey: "API-Schlüssel",
"token": "Token der Sitzung 2",
"secret_question": "What was your first pet's name?",
"api_key.tooltip": "Create a key under Settings > API keys 2",
password_too_short: 'Das Passwort ist zu kurz.',
passwordPlaceholder: '••••••••',`,
  'src/parser.ts': `
{ token: 'keyword', value: 'function', line: 12 },
token: 'identifier2',
token: "punctuation.definition.string.begin1",
if (token === 'STRING_LITERAL_2') return parseString();
const tokens = tokenize('a1 + b2');
expect(tokens).toEqual([{ type: 'num', value: '1' }, { type: 'op', value: '+' }]);
secretWord = 'apfelbaum';
case TokenKind.Ident: token = 'ident:x1'; break;
token.kind = 'open-paren-1';
const key = 'Enter'; const accessKey = 'shift+s';
accessKey="k1"
private_key_path = '/etc/ssl/private/server2.key'
ssl_key: ./certs/server2.key
secretPath: 'secret/data/orders/v2',
tokenFile: '/var/run/secrets/token2',
api_key: 'header.x-api-key-2',
keyFilename: 'service-account-2.json',
cookie: 'theme=dark; lang=de1',
const cookie = 'sid=1';
sessionId: 'session-1',
session_id: 'abc-session-1',
credentials: 'omit',
publicKey: 'BNbxGYNMhEIi9zrneh7mqV4oUanjLUK3m',
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const hex = '0123456789abcdef';
color: #a1b2c3; --token-color-2: #deadbe;
grid-template-areas: "secret1 token2" "pass1 key22";
class="token-list__item--v2 password-input2"
data-testid="password-input-2"
aria-label={t('password.label2')}`,
  'docs/notes.md': `
Run \`export API_TOKEN=<token>\` before the first start.
Set \`STRIPE_SECRET_KEY\` and \`JWT_SECRET_V2\` in the environment.
| \`password\` | string | required, 8 to 64 characters |
The token \`[secret]\` was rejected; mail went to [email] from [ip].
The fix reads \`password\` lazily, so that \`TypeError: Cannot read properties of undefined (reading 'password')\` is gone.
SyntaxError: Unexpected token '}' at line 12
Bearer authentication failed for /v1/orders (401)
Basic authentication is used between services.
Error: invalid token: expired at 2024-11-20T10:15:30Z
One commit, \`3f5a9c1e7b2d4f6081a3c5e7092b4d6f8a0c2e41\`, on \`hotfix/auto-1a2b3c4d5e6f7890\`
Self-Healing-Incident: INC-1a2b3c4d5e6f7890/1
Self-Healing-Tree: 9f8e7d6c5b4a39281706f5e4d3c2b1a098765432
| reproduction | pass | 3 of 3 | 1.42 s |
at login (src/auth.ts:12:34) password=[secret]
https://sentry.io/organizations/shop/issues/4508123456/?project=4507`,
};

export function innocentCode(): Sample[] {
  return Object.entries(LINES).flatMap(([path, lines]) =>
    lines
      .trim()
      .split('\n')
      .map((text) => ({ kind: path.replace(/^\w+\/|\.\w+$/g, ''), path, text })),
  );
}
