/** An answer that says no: the same shape for all, as `--json` prints errors. */
import type { Reply } from './routes.ts';

export function refusal(
  status: number,
  code: string,
  message: string,
  next: string,
  headers?: Record<string, string>,
): Reply {
  return { status, body: { error: { code, message, next } }, ...(headers && { headers }), log: { refused: message } };
}
