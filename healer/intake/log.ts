/** What `serve` says while it runs: one JSON object per line on stderr. No bodies, no headers, no secrets. */

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined | readonly string[]>>;
export type Log = (level: 'info' | 'warn' | 'error', event: string, fields?: LogFields) => void;

export function jsonLog(write: (line: string) => void, now: () => Date): Log {
  return (level, event, fields = {}) => write(JSON.stringify({ at: now().toISOString(), level, event, ...fields }));
}
