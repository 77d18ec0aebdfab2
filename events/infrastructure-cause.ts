/**
 * What an error says that the program could not reach: a host and its port, or a database. Several errors of one outage
 * name the same one, in whatever words their languages have. Pure; a text that names none has no such cause.
 */

export interface InfrastructureCause {
  /** In lower case; `localhost` for every loopback address, `[ip]` for one that was redacted. */
  host?: string;
  port?: number;
  database?: string;
}

const FAILED =
  /\bE(?:CONN(?:REFUSED|RESET|ABORTED)|TIMEDOUT|HOSTUNREACH|NETUNREACH|HOSTDOWN|NOTFOUND|AI_AGAIN)\b|\bconnect(?:ion)?\b[^\n]{0,200}?\b(?:refused|reset|timed? ?out|closed|failed|aborted|unreachable)|\btimed?[ -]?out\b|no such host|\bunknown ?host|name or service not known|nodename nor servname|name resolution|\b(?:could ?n[o']t|can ?not|can't|failed to|unable to) (?:connect|resolve|reach|translate|establish)|\bunreachable\b|system is (?:starting up|shutting down)|too many (?:connections|clients)|connection slots/i;

const HOST = '(?:\\[ip\\]|\\[[0-9A-Fa-f:]{2,45}\\]|[A-Za-z0-9_][\\w-]{0,62}(?:\\.[\\w-]{1,63}){0,8})';
const URL = `\\b(?:https?|wss?|grpc|postgres(?:ql)?|mysql|mariadb|mongodb(?:\\+srv)?|rediss?|amqps?|nats|kafka|jdbc:\\w{1,20})://(?:[^\\s/@]{1,200}@)?(?<host>${HOST})(?::(?<port>\\d{1,5}))?`;

/** The clearest first: of a text that names several places, the first that fits is the one. */
const TARGETS: readonly RegExp[] = [
  new RegExp(`server at ["'](?<host>${HOST})["'][^\\n]{0,80}?, port (?<port>\\d{1,5})`, 'i'),
  new RegExp(`\\bhost=["'](?<host>${HOST})["'], port=(?<port>\\d{1,5})`, 'i'),
  new RegExp(`\`(?<host>${HOST})\`?:\`?(?<port>\\d{1,5})\``, 'i'),
  new RegExp(`mysql server on ["'](?<host>${HOST})(?::(?<port>\\d{1,5}))?`, 'i'),
  new RegExp(
    `(?:\\bENOTFOUND|\\bEAI_AGAIN|\\blookup|\\bUnknownHostException:|\\bresolve(?: host)?:?|\\bhost name) ["'\`]?(?<host>${HOST})(?::(?<port>\\d{1,5}))?`,
  ),
  new RegExp(URL, 'i'),
  new RegExp(`(?<![\\w.:/@\\\\-])(?<host>${HOST}):(?<port>\\d{2,5})(?!\\w|:\\d)`),
];
const DATABASE = /\bdatabase ["'`](?<database>[\w.-]{1,63})["'`]/i;

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0)$/;
/** A line of a source file looks like a port of a host. */
const FILE = /\.(?:[cm]?[jt]sx?|py|rb|go|rs|java|kt|php|cs|cpp|cc|c|h|vue|svelte|json|ya?ml|html?|css|log|sql|sh)$/i;
/** Longer texts are read this far. */
const MAX = 4000;

export function infrastructureCause({
  type,
  message,
}: {
  type: string;
  message: string;
}): InfrastructureCause | undefined {
  const text = `${type}: ${message}`.slice(0, MAX);
  if (!FAILED.test(text)) return undefined;
  for (const target of TARGETS) {
    const { host: named, port } = target.exec(text)?.groups ?? {};
    const host = named?.toLowerCase();
    if (host === undefined || FILE.test(host) || !/[a-z]|\d\.\d|:/.test(host)) continue;
    // Of a redacted address only the port is left to go by.
    if (host === '[ip]' && port === undefined) continue;
    return {
      host: LOOPBACK.test(host) ? 'localhost' : host,
      ...(port !== undefined && { port: Number(port) }),
    };
  }
  const database = DATABASE.exec(text)?.groups?.database;
  return database === undefined ? undefined : { database };
}

/** Where only one of the two names a port, the host decides: a name that is not found has none. */
export function isSameCause(a: InfrastructureCause, b: InfrastructureCause): boolean {
  if (a.host === undefined || b.host === undefined) return a.database !== undefined && a.database === b.database;
  return a.host === b.host && (a.port === undefined || b.port === undefined || a.port === b.port);
}

/** `db.internal:5432`, `database "shop"` */
export function describeCause({ host, port, database }: InfrastructureCause): string {
  if (host === '[ip]') return `port ${port} of an address that was redacted`;
  return host === undefined ? `database "${database}"` : `${host}${port === undefined ? '' : `:${port}`}`;
}
