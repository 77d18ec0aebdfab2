/** The questions that are open, as messages in chats: one in each channel that the settings name, for as long as it is asked. */
import { z } from 'zod';
import { decisionOf } from '../../store/approvals.ts';
import { type ChatMessage, wantMessage } from '../../store/chat-messages.ts';
import { proposalOf } from '../../store/proposals.ts';
import { latestVerification } from '../../store/verifications.ts';
import type { Settings } from '../intake/settings.ts';
import type { Workbench } from '../workbench.ts';
import type { Channel } from './channel.ts';
import { detailsMessage, detailsOf } from './details.ts';
import type { MessageKind } from './messages.ts';
import { askingOf, type Question, questionOf, settingsFor } from './question.ts';
import { questionMessage, settledMessage } from './words.ts';

const KIND = 'question';
const DETAILS = 'details';

export function questionMessages(
  bench: Workbench,
  channels: readonly Channel[],
  settings: () => Promise<Settings>,
): MessageKind {
  /** What was looked at already: the rows of these say all there is. */
  const known = new Map<string, string>();
  return {
    name: KIND,
    async want() {
      if (channels.length === 0) return;
      const waiting = await bench.incidents.list({ status: ['awaiting_start', 'awaiting_publish'] });
      const ids = new Set(waiting.map(({ incident }) => incident));
      for (const incident of known.keys()) if (!ids.has(incident)) known.delete(incident);
      const { config } = await settings();
      for (const record of waiting) {
        const asking = await askingOf(bench, record);
        if (!asking || asking.decision) continue;
        const { approval, notify } = settingsFor(config, record, bench.db);
        const meant = channels.flatMap((channel) => {
          const place = channel.place(notify);
          const ready =
            approval.channels.includes(channel.name) && place !== '' && channel.approvers(notify).length > 0;
          return ready ? [{ chat: channel.name, place }] : [];
        });
        const mark = JSON.stringify([asking.key, meant]);
        if (known.get(record.incident) === mark) continue;
        if (meant.length > 0) {
          const payload = await questionOf(bench, record, asking, config);
          for (const { chat, place } of meant)
            wantMessage(
              bench.db,
              { chat, place, subject: `${KIND} ${asking.key}`, incident: record.incident, payload },
              bench.now(),
            );
        }
        known.set(record.incident, mark);
      }
    },
    async now({ incident, payload, name }: ChatMessage) {
      const question = payload as Question;
      const record = await bench.incidents.get(incident);
      if (!record) return undefined;
      const asking = await askingOf(bench, record);
      if (asking?.key === question.key && !asking.decision) return questionMessage(question);
      // Asked and answered before it was ever posted.
      if (name === null) return undefined;
      const url = proposalOf(bench.db, incident, question.round)?.url ?? undefined;
      return settledMessage(question, { decision: decisionOf(bench.db, question.key), record, url });
    },
  };
}

const detailsSchema = z.object({ round: z.number(), tree: z.string() });

/** False when it is there, or on its way, already. */
export async function wantDetails(
  bench: Workbench,
  { chat, place, incident, key }: { chat: string; place: string; incident: string; key: string },
): Promise<boolean> {
  const record = await bench.incidents.get(incident);
  const tree = record && latestVerification(bench.db, incident, record.round)?.tree;
  if (!record || tree === undefined) return false;
  const payload = { round: record.round, tree };
  return wantMessage(bench.db, { chat, place, incident, payload, subject: `${DETAILS} ${key} ${tree}` }, bench.now());
}

/** Diff and evidence, said once beneath a question. */
export function detailsMessages(bench: Workbench): MessageKind {
  return {
    name: DETAILS,
    async now({ incident, payload, name }) {
      const details = name === null ? await detailsOf(bench, { incident, ...detailsSchema.parse(payload) }) : undefined;
      return details && detailsMessage(details);
    },
  };
}
