/** A text that somebody attached to a message: Slack's client makes a snippet of what is long. Bounded, and only from Slack. */
import { toPlainText } from '../../../events/plain-text.ts';

const MOST = 1024 * 1024;
const TIMEOUT_MS = 15_000;

type Env = Readonly<Record<string, string | undefined>>;

/** Undefined where it cannot be had: then the beginning that Slack sends with the message has to do. */
export async function readSnippet(url: string, env: Env, stop: AbortSignal): Promise<string | undefined> {
  const token = env.SLACK_BOT_TOKEN;
  if (!token || !isOfSlack(url, env)) return undefined;
  const signal = AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    // Slack sends to its login page where the scope is missing; the token goes to no other server.
    const answered = await fetch(url, { signal, redirect: 'manual', headers: { authorization: `Bearer ${token}` } });
    const type = answered.headers.get('content-type') ?? '';
    if (answered.status !== 200 || answered.body === null || type.startsWith('text/html')) {
      await answered.body?.cancel();
      return undefined;
    }
    const chunks: Uint8Array[] = [];
    let read = 0;
    for await (const chunk of answered.body as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      read += chunk.length;
      if (read > MOST) break;
    }
    return toPlainText(Buffer.concat(chunks).subarray(0, MOST).toString('utf8'));
  } catch {
    return undefined;
  }
}

function isOfSlack(url: string, { SLACK_API_URL: api }: Env): boolean {
  if (!URL.canParse(url)) return false;
  const { origin } = new URL(url);
  return (
    origin === 'https://files.slack.com' || (api !== undefined && URL.canParse(api) && new URL(api).origin === origin)
  );
}
