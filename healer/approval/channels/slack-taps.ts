/** What people tap and type in Slack about a question: answered to the desk, and whoever was not first is told so, alone. */
import { z } from 'zod';
import { parseJson } from '../../../events/json-body.ts';
import type { Log } from '../../intake/log.ts';
import type { SlackWeb } from '../../intake/slack/web.ts';
import { escaped } from '../../intake/slack/words.ts';
import type { Workbench } from '../../workbench.ts';
import { wantDetails } from '../asked.ts';
import type { ButtonAction } from '../channel.ts';
import type { Answer, Decided, Desk } from '../desk.ts';
import { slackChannel } from './slack.ts';

const id = z.string().min(1).max(100);
const userSchema = z.object({ id, username: z.string().nullish(), name: z.string().nullish() });
const actionsSchema = z.object({
  type: z.literal('block_actions'),
  user: userSchema,
  trigger_id: z.string().max(500).nullish(),
  channel: z.object({ id }).nullish(),
  message: z.object({ ts: id }).nullish(),
  actions: z.array(z.object({ action_id: z.string().max(300), value: z.string().max(2000).nullish() })).max(25),
});
const submissionSchema = z.object({
  type: z.literal('view_submission'),
  user: userSchema,
  view: z.object({
    callback_id: z.string().max(300),
    private_metadata: z.string().max(3000),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), z.object({ value: z.string().nullish() }))) }),
  }),
});
const otherSchema = z.object({ type: z.string() });
const bodySchema = z.union([actionsSchema, submissionSchema, otherSchema]);

const REJECTION = 'self_healing_reject';
const metadataSchema = z.object({ incident: id, key: z.string().max(64), channel: z.string().max(100) });

export interface SlackTapsOptions {
  bench: Workbench;
  web: SlackWeb;
  desk: Desk;
  log: Log;
}

/** Answers with what Slack is to be told, once all of it is on disk; undefined for what is no tap. Throws UserError. */
export function slackTaps(options: SlackTapsOptions): (body: string) => Promise<object | undefined> {
  return async (text) => {
    const form = text.startsWith('payload=') ? new URLSearchParams(text).get('payload') : null;
    const body = parseJson(form ?? text, bodySchema, "a request of Slack's");
    if (body.type === 'block_actions' && 'actions' in body) {
      await tapped(options, body);
      return {};
    }
    if (body.type === 'view_submission' && 'view' in body) {
      await submitted(options, body);
      return { response_action: 'clear' };
    }
    return undefined;
  };
}

async function tapped(options: SlackTapsOptions, body: z.output<typeof actionsSchema>): Promise<void> {
  const { bench, desk, log } = options;
  const tap = body.actions.flatMap(({ action_id, value }) => tapOf(action_id, value ?? '')).at(0);
  if (!tap) return;
  const { action, incident, key } = tap;
  const [channel, message] = [body.channel?.id ?? '', body.message?.ts ?? ''];
  const answer = { incident, key: key || undefined, channel: 'slack', ...personOf(body.user) } as const;
  log('info', 'slack_tap', { action, incident });
  if (action === 'details') {
    if (!(await desk.isApprover(answer))) return notice(options, channel, body.user.id, NO_APPROVER);
    const place = slackChannel(options.web).repliesTo({ place: channel, name: message });
    const fresh = await wantDetails(bench, { chat: 'slack', place, incident, key });
    return fresh ? undefined : notice(options, channel, body.user.id, 'It stands in the thread of the message.');
  }
  if (action === 'reject') {
    const refused = await desk.refusal({ ...answer, answer: 'reject' });
    if (refused) return tell(options, channel, body.user.id, refused);
    if (await askReason(options, body.trigger_id ?? '', { incident, key, channel })) return;
  }
  return tell(options, channel, body.user.id, await desk.decide({ ...answer, answer: action }));
}

const NO_APPROVER = 'Only approvers (notify.slack.approvers) are shown the change.';

async function submitted(options: SlackTapsOptions, { user, view }: z.output<typeof submissionSchema>): Promise<void> {
  if (view.callback_id !== REJECTION) return;
  const { incident, key, channel } = parseJson(
    view.private_metadata,
    metadataSchema,
    'what a dialog of ours was opened with',
  );
  const reason = view.state.values.reason?.reason?.value ?? undefined;
  const answer: Answer = {
    incident,
    key: key || undefined,
    channel: 'slack',
    ...personOf(user),
    answer: 'reject',
    reason,
  };
  await tell(options, channel, user.id, await options.desk.decide(answer));
}

function tapOf(actionId: string, value: string): { action: ButtonAction; incident: string; key: string }[] {
  const name = /^self_healing_(approve|skip|reject|retry|details)$/.exec(actionId)?.[1];
  const [, action, incident = '', key = ''] = /^(\w+) (INC-[0-9a-f]{16}) ?([0-9a-f]{0,64})$/.exec(value) ?? [];
  return name !== undefined && name === action ? [{ action: name as ButtonAction, incident, key }] : [];
}

function personOf({ id: who, username, name }: z.output<typeof userSchema>): { who: string; name?: string } {
  const called = username ?? name;
  return { who, ...(called && { name: called }) };
}

/** False when Slack opens no dialog: then it is rejected without a reason. */
async function askReason(
  { web }: SlackTapsOptions,
  trigger: string,
  about: z.output<typeof metadataSchema>,
): Promise<boolean> {
  if (trigger === '') return false;
  const plain = (text: string) => ({ type: 'plain_text' as const, text });
  const opened = await web.ask((client) =>
    client.views.open({
      trigger_id: trigger,
      view: {
        type: 'modal',
        callback_id: REJECTION,
        private_metadata: JSON.stringify(about),
        title: plain('Reject the fix'),
        submit: plain('Reject'),
        close: plain('Keep it'),
        blocks: [
          {
            type: 'input',
            block_id: 'reason',
            label: plain('What is wrong with it? The next attempt reads this.'),
            element: { type: 'plain_text_input', action_id: 'reason', multiline: true, max_length: 1000 },
          },
        ],
      },
    }),
  );
  return opened.ok;
}

/** Who won sees it in the message itself. */
async function tell(options: SlackTapsOptions, channel: string, user: string, decided: Decided): Promise<void> {
  if (decided.outcome !== 'won') await notice(options, channel, user, decided.words);
}

/** Seen by that person alone; best effort, because nothing depends on it. */
async function notice({ web, log }: SlackTapsOptions, channel: string, user: string, words: string): Promise<void> {
  const sent = await web.ask((client) => client.chat.postEphemeral({ channel, user, text: escaped(words, 1000) }));
  if (!sent.ok) log('warn', 'slack_notice', { why: sent.why });
}
