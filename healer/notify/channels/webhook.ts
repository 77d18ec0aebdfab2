/** The payload of CONTRACT §5 to `notify.webhook`, signed like the relay where there is a secret. */
import { signedPost } from '../../signed-post.ts';
import type { NoticeChannel, Told } from '../channel.ts';

/** The receiver understood, and will not take it. */
const NEVER = [400, 405, 410, 413, 415, 422];

export const webhook: NoticeChannel = {
  name: 'webhook',
  isConfigured: (notify) => notify.webhook !== '',
  async send({ payload, mark }, { notify, env, now, signal }): Promise<Told> {
    const url = addressOf(notify.webhook);
    if (url === undefined) return { outcome: 'never', why: 'notify.webhook is no http or https address' };
    try {
      const { status, afterMs } = await signedPost({
        ...{ url, now, signal },
        body: JSON.stringify(payload),
        secret: env.SELF_HEALING_RELAY_SECRET || undefined,
        // The same for every try, so that a receiver knows one that it has had.
        headers: { 'idempotency-key': mark },
      });
      if (status >= 200 && status < 300) return { outcome: 'told' };
      const why = `${url.host} answered ${status}`;
      // Unsigned it may be bad, and good from a process that has the secret.
      const unsigned = status === 400 && !env.SELF_HEALING_RELAY_SECRET;
      if (NEVER.includes(status) && !unsigned) return { outcome: 'never', why };
      const more = status >= 300 && status < 400 ? ': redirects are not followed, write the final address' : '';
      return { outcome: 'later', why: why + more, afterMs };
    } catch (error) {
      // Its path may hold a secret: only the host is told.
      const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
      return { outcome: 'later', why: `${url.host} could not be reached${code ? ` (${code})` : ''}` };
    }
  },
};

function addressOf(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}
