/** Who may ask about incidents and decide over HTTP: whoever has the token, and commands of the same user on this machine. */
import { isSameSecret } from '../proofs/constant-time.ts';
import { refusal } from './refusal.ts';
import type { Asked, Reply } from './routes.ts';

export const TOKEN = 'SELF_HEALING_TOKEN';

export type Authority = { by: 'token' | 'terminal' } | { refused: Reply };

/** A page of another origin is refused whatever it sends; the token is taken from its header alone, never from a cookie. */
export function authorityOf(
  { headers }: Pick<Asked, 'headers'>,
  { token, secret }: { token: string | undefined; secret: string | undefined },
): Authority {
  const { origin, host, authorization = '' } = headers;
  if (origin !== undefined && !isOwnOrigin(origin, host))
    return {
      refused: refusal(403, 'not_allowed', 'A page of another origin may not do this.', 'Open the dashboard itself.'),
    };
  const given = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
  if (given !== undefined && secret !== undefined && isSameSecret(given, secret)) return { by: 'terminal' };
  if (!token)
    return {
      refused: refusal(
        503,
        'not_ready',
        `The API is not ready: ${TOKEN} is not set.`,
        'Set it in the environment of `self-healing serve` and start it again.',
      ),
    };
  if (given !== undefined && isSameSecret(given, token)) return { by: 'token' };
  const why =
    given === undefined ? 'the header Authorization: Bearer is missing' : 'the bearer token is not the right one';
  return { refused: refusal(401, 'not_allowed', `Not accepted: ${why}.`, `Send the value of ${TOKEN}.`) };
}

function isOwnOrigin(origin: string, host: string | undefined): boolean {
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}
