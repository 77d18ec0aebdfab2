/**
 * The maintained rules: secretlint's recommended preset. It is loaded at the first use, runs offline, and each rule is
 * called through the interface secretlint documents for rules. Its measured rates stand in docs/secrets.md.
 */
import type { SecretLintRuleCreator, SecretLintSourceCode } from '@secretlint/types';
import { isPlaceholder } from './placeholder.ts';
import type { Sighting } from './sighting.ts';

const PREFIX = '@secretlint/secretlint-rule-';

/** Rules of the preset that are left out, each for its reason. */
const LEFT_OUT = new Set([
  // Comments that switch rules off: the fix could write them.
  'filter-comments',
  // Every URL with a password, `postgres://postgres:postgres@localhost` included: judged in url-credentials.ts.
  'basicauth',
  'database-connection-string',
  // `SG.` and any two words with a dot between: judged by its exact shape in vendor-shapes.ts.
  'sendgrid',
]);

/** No secrets, though the preset reports them: an AWS account id. */
const NOT_SECRET = new Set(['AWSAccountID']);

let loading: Promise<SecretLintRuleCreator[]> | undefined;

function rules(): Promise<SecretLintRuleCreator[]> {
  loading ??= import('@secretlint/secretlint-rule-preset-recommend').then(({ rules }) =>
    rules.filter(({ meta }) => meta.type === 'scanner' && !LEFT_OUT.has(meta.id.slice(PREFIX.length))),
  );
  return loading;
}

/** `path` tells rules for certain files (`.npmrc`, `package.json`, a service account's JSON) what they look at. */
export async function librarySightings(text: string, path: string): Promise<Sighting[]> {
  const found: Sighting[] = [];
  const source = sourceOf(text, path);
  for (const rule of await rules()) {
    const handler = rule.create(
      {
        sharedOptions: {},
        createTranslator: () => (id, data) => ({ message: '', messageId: String(id), data }),
        report: ({ message, range: [start, end] }) => {
          const secret = longestOf(message.data);
          if (NOT_SECRET.has(message.messageId)) return;
          // Slack's tokens carry the number of the workspace; `xoxo-` and words are a greeting.
          if (message.messageId === 'SLACK_TOKEN' && !/\d{6}/.test(secret)) return;
          if (!secret.startsWith('-----BEGIN') && isPlaceholder(secret)) return;
          found.push({ kind: snakeCase(message.messageId), start, end, sure: true });
        },
        ignore: () => undefined,
      },
      { enableIDScanRule: true },
    );
    await handler.file?.(source);
  }
  return found;
}

function sourceOf(content: string, path: string): SecretLintSourceCode {
  const name = path.slice(path.lastIndexOf('/') + 1);
  // The rule for `.p12` files would open that path on this machine; text is never one.
  const filePath = /\.p12$/i.test(name) ? 'text' : name || 'text';
  const unused = (): never => {
    throw new Error('Rules of the preset do not ask for positions.');
  };
  return {
    hasBOM: false,
    content,
    filePath,
    ext: /\.\w+$/.exec(filePath)?.[0] ?? '',
    contentType: 'text',
    physicalFilePath: undefined,
    getFilePath: () => filePath,
    getPhysicalFilePath: () => undefined,
    locationToRange: unused,
    rangeToLocation: unused,
    positionToIndex: unused,
    indexToPosition: unused,
  };
}

/** What a rule reports with its message: the secret, and sometimes the short name of its type. */
function longestOf(data: Record<string, unknown> | undefined): string {
  const texts = Object.values(data ?? {}).filter((value) => typeof value === 'string');
  return texts.reduce((longest, text) => (text.length > longest.length ? text : longest), '');
}

/** `AWSAccessKeyID`, `GITHUB_TOKEN` → `aws_access_key_id`, `github_token`. */
function snakeCase(messageId: string): string {
  return messageId
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
}
