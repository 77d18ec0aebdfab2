import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { UserError } from '../../../events/errors.ts';
import { normalize } from '../../../events/normalize.ts';
import { parseSlack, readSaid } from '../../../events/sources/slack.ts';
import { BOT, spoken } from '../../healer/intake/slack/loopback.ts';

const options = { now: new Date('2026-12-01T00:00:00Z') };
const read = (text: string, changes: Record<string, unknown> = {}) =>
  normalize('slack', JSON.stringify(spoken(text, changes)), options);

it('reads what is said to the bot', () => {
  expect(read('TypeError: mail of ann@shop.io is gone')).toMatchObject([
    {
      source: 'slack',
      actionable: true,
      trigger: 'manual',
      type: 'TypeError',
      message: 'mail of [email] is gone',
      first_seen: expect.stringMatching(/^2023-11-14T/),
      labels: { channel: 'C0SHOP', user: 'U1' },
    },
  ]);
  expect(read('hello')).toMatchObject([{ actionable: false, reason: 'it tells of no error' }]);
  expect(read('TypeError: x', { type: 'message', channel_type: 'im', text: 'TypeError: x' })).toMatchObject([
    { actionable: true },
  ]);
});

it('does not listen to itself, to bots, to edits, and to what is not said to it', () => {
  for (const [change, why] of [
    [{ user: BOT }, 'a bot'],
    [{ bot_id: 'B1' }, 'a bot'],
    [{ subtype: 'message_changed' }, 'nothing new'],
    [{ subtype: 'channel_join' }, 'nothing new'],
    [{ type: 'message', text: 'TypeError: x', channel_type: 'channel' }, 'nobody spoke'],
    [{ type: 'reaction_added' }, 'no message'],
    [{ user: undefined }, 'who said it'],
  ] as const)
    expect(read('TypeError: x', change)).toMatchObject([{ actionable: false, reason: expect.stringContaining(why) }]);
});

it('does not listen to people of another workspace', () => {
  const body = spoken('TypeError: x', { user_team: 'T2' });
  const reason = (changes: object) => normalize('slack', JSON.stringify({ ...body, ...changes }), options)[0]?.reason;
  expect(reason({ is_ext_shared_channel: true })).toBe('somebody of another workspace said it');
  // Large organisations have several workspaces of their own.
  expect(reason({ is_ext_shared_channel: false })).toBe(undefined);
});

it('ends in time whatever is said', () => {
  for (const text of [
    ' '.repeat(90_000),
    '<'.repeat(90_000),
    '`'.repeat(90_000),
    'report '.repeat(12_000),
    'Error: '.repeat(12_000),
  ])
    read(text);
});

it('answers any other body with a sentence', () => {
  const bodies = [
    fc.json(),
    fc.string(),
    fc.string().map((text) => `payload=${text}`),
    fc.jsonValue().map((event) => JSON.stringify({ type: 'event_callback', event })),
  ];
  fc.assert(
    fc.property(fc.oneof(...bodies), (body) => {
      try {
        readSaid(parseSlack(body));
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
      }
    }),
    { numRuns: 500 },
  );
});

/** As far as what we call and listen to depends on it. */
const manifestSchema = z.object({
  display_information: z.object({ name: z.string().max(35), description: z.string().max(140) }),
  features: z.object({
    app_home: z.object({ messages_tab_enabled: z.literal(true), messages_tab_read_only_enabled: z.literal(false) }),
    bot_user: z.object({ display_name: z.string().max(80) }),
    shortcuts: z.array(
      z.object({
        name: z.string().max(24),
        type: z.literal('message'),
        callback_id: z.string(),
        description: z.string().max(150),
      }),
    ),
  }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
  settings: z.object({
    event_subscriptions: z.object({ bot_events: z.array(z.string()) }),
    interactivity: z.object({ is_enabled: z.literal(true) }),
    socket_mode_enabled: z.literal(true),
  }),
});

it("the manifest of its page asks for what is used: each event's scope, and each method's", () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/sources/slack.md'), 'utf8');
  const manifest = manifestSchema.parse(parse(/```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? ''));
  const { bot } = manifest.oauth_config.scopes;
  const { bot_events } = manifest.settings.event_subscriptions;
  expect([...bot_events].sort()).toEqual(['app_mention', 'message.im']);
  // app_mention; message.im; conversations.replies; conversations.info; chat.postMessage and chat.update; the shortcut.
  for (const scope of [
    'app_mentions:read',
    'im:history',
    'channels:history',
    'groups:history',
    'channels:read',
    'chat:write',
    'commands',
    'files:read',
  ])
    expect(bot).toContain(scope);
});
