/** Messages of the bot: said in the thread once, and kept up to date with the incident that they are about. */
import type { Said } from '../../../events/sources/slack.ts';
import type { IncidentRecord } from '../../../store/incidents.ts';
import { proposalOf } from '../../../store/proposals.ts';
import type { MessageKind } from '../../approval/messages.ts';
import type { Workbench } from '../../workbench.ts';
import type { Asked, SlackWeb } from './web.ts';
import { incidentWords } from './words.ts';

const EVENT_TYPE = 'self_healing_answer';
const QUIET = { unfurl_links: false, unfurl_media: false };
export const ANSWER = 'answer';

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

/** What an incident's row says is what its answer says, also after a restart. */
export function answerMessages(bench: Workbench): MessageKind {
  return {
    name: ANSWER,
    async now({ incident }) {
      const standing = await bench.incidents.get(incident);
      if (standing === undefined) return undefined;
      return { text: () => incidentWords(standing, incidentUrl(bench, standing)), buttons: [] };
    },
  };
}
