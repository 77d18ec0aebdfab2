/** Messages of the bot: said in the thread once, and kept up to date with the incident that they are about. */

import { describeError } from '../../../events/errors.ts';
import type { Said } from '../../../events/sources/slack.ts';
import {
  forgetChatMessage,
  postponeChatMessage,
  saveChatMessage,
  staleChatMessages,
} from '../../../store/chat-messages.ts';
import type { IncidentRecord } from '../../../store/incidents.ts';
import { proposalOf } from '../../../store/proposals.ts';
import { type Repeating, repeat } from '../../repeat.ts';
import type { Workbench } from '../../workbench.ts';
import type { Log } from '../log.ts';
import type { Asked, SlackWeb } from './web.ts';
import { incidentWords, shownState } from './words.ts';

const LOOK_MS = 1_000;
const FIRST_MS = 5_000;
const LONGEST_MS = 15 * 60_000;
const TRIES = 20;
const EVENT_TYPE = 'self_healing_answer';
const QUIET = { unfurl_links: false, unfurl_media: false };

/** Its own name (`ts`). `mark` names the answer in Slack's metadata, so that it can be found again. */
export async function say(web: SlackWeb, said: Said, text: string, mark?: string): Promise<Asked<string>> {
  const metadata = mark === undefined ? {} : { metadata: { event_type: EVENT_TYPE, event_payload: { mark } } };
  const sent = await web.ask((client) =>
    client.chat.postMessage({ channel: said.channel, thread_ts: said.thread ?? said.ts, text, ...QUIET, ...metadata }),
  );
  if (!sent.ok) return sent;
  if (sent.data.ts) return { ok: true, data: sent.data.ts };
  return { ok: false, code: '', why: 'Slack did not say where the answer stands', passing: false };
}

/** An answer that was given before this process knew of it. */
export async function answeredBefore(web: SlackWeb, said: Said, mark: string): Promise<string | undefined> {
  const thread = await web.ask((client) =>
    client.conversations.replies({
      channel: said.channel,
      ts: said.thread ?? said.ts,
      limit: 200,
      include_all_metadata: true,
    }),
  );
  if (!thread.ok) return undefined;
  const found = (thread.data.messages ?? []).find(({ metadata }) => {
    const payload: unknown = metadata?.event_payload;
    return typeof payload === 'object' && payload !== null && 'mark' in payload && payload.mark === mark;
  });
  return found?.ts;
}

export function incidentUrl({ db }: Workbench, { incident, round }: IncidentRecord): string | undefined {
  return proposalOf(db, incident, round)?.url ?? undefined;
}

/** One look at all messages that show what is no longer so. */
async function updateStale({ bench, web, log }: Updating): Promise<void> {
  for (const message of staleChatMessages(bench.db, 'slack', bench.now())) {
    const standing = await bench.incidents.get(message.incident);
    if (standing === undefined) continue;
    const text = incidentWords(standing, incidentUrl(bench, standing));
    const { channel, ts } = message;
    const updated = await web.ask((client) => client.chat.update({ channel, ts, text }));
    if (updated.ok) {
      saveChatMessage(bench.db, { ...message, shown: shownState(standing) }, bench.now());
      continue;
    }
    log('warn', 'slack_update', { incident: message.incident, why: updated.why });
    if (!updated.passing || message.tries + 1 >= TRIES) forgetChatMessage(bench.db, message);
    else {
      const pause = Math.max(updated.afterMs ?? 0, Math.min(FIRST_MS * 2 ** message.tries, LONGEST_MS));
      postponeChatMessage(bench.db, message, new Date(bench.now().getTime() + pause));
    }
  }
}

interface Updating {
  bench: Workbench;
  web: SlackWeb;
  log: Log;
}

/** The clock of the bot's messages: what an incident's row says is what its message says, also after a restart. */
export function startAnswers(updating: Updating): Repeating {
  return repeat(async () => {
    await updateStale(updating).catch((error: unknown) =>
      updating.log('error', 'slack_updates_failed', { why: describeError(error).message }),
    );
    return LOOK_MS;
  });
}
