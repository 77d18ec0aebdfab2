import { expect, it } from 'vitest';
import { type Config, defaultConfig } from '../../../context/schemas/config.ts';
import { type Answer, openDesk, whoOf } from '../../../healer/approval/desk.ts';
import { expireOverdue } from '../../../healer/approval/expiry.ts';
import { voidLeftBehind } from '../../../healer/approval/left-behind.ts';
import { askingOf } from '../../../healer/approval/question.ts';
import type { Workbench } from '../../../healer/workbench.ts';
import { addDecision, decisionsOf } from '../../../store/approvals.ts';
import { sampleBench } from '../sample-repository.ts';
import { awaitingStart, settingsWith } from './waiting-fix.ts';

const FILES = { 'src/tenant.js': '', '.self-healing/config.yaml': settingsWith('approval: { start: ask }') };
const settings = async () => ({ config: defaultConfig() });

async function asked(now?: () => Date) {
  const { bench } = await sampleBench(FILES, now ? { now } : {});
  const incident = await awaitingStart(bench);
  return { bench, incident, desk: openDesk({ bench, settings }) };
}
const terminal = { channel: 'cli', who: 'person:ada' } as const;
const keyOf = async (bench: Workbench, incident: string) => {
  const record = await bench.incidents.get(incident);
  return record && (await askingOf(bench, record))?.key;
};

it('asks the same question after a restart, and another one each time it is asked', async () => {
  const { bench, incident, desk } = await asked();
  const first = await keyOf(bench, incident);
  expect(await keyOf(bench, incident)).toBe(first);
  expect(await desk.decide({ ...terminal, incident, answer: 'skip' })).toMatchObject({
    outcome: 'won',
    pending: false,
  });
  expect(await keyOf(bench, incident)).toBeUndefined();
  expect(await desk.decide({ ...terminal, incident, answer: 'retry' })).toMatchObject({
    record: { status: 'queued', round: 2 },
  });
  for (const to of ['healing', 'awaiting_start'] as const)
    await bench.incidents.transition({ incident, to, who: 'test', why: 'ask' });
  const second = await keyOf(bench, incident);
  expect(second).not.toBe(first);
  await desk.decide({ ...terminal, incident, answer: 'approve' });
  for (const to of ['healing', 'awaiting_start'] as const)
    await bench.incidents.transition({ incident, to, who: 'test', why: 'ask' });
  expect([first, second]).not.toContain(await keyOf(bench, incident));
  expect(decisionsOf(bench.db, incident, 2)).toMatchObject([{ answer: 'approve', outcome: { outcome: 'done' } }]);
});

it('refuses what is not asked, with what is possible, and other rounds and trees', async () => {
  const { bench, incident, desk } = await asked();
  const decide = (answer: Partial<Answer>) => desk.decide({ ...terminal, incident, answer: 'approve', ...answer });
  expect(await decide({ answer: 'reject' })).toMatchObject({
    outcome: 'not_possible',
    words: expect.stringContaining('Possible now: approve, skip, cancel.'),
  });
  for (const wrong of [{ round: 2 }, { tree: 'a'.repeat(12) }, { key: '0'.repeat(16) }])
    expect(await decide(wrong)).toMatchObject({ outcome: 'stale' });
  expect(await decide({ incident: 'INC-0000000000000000' })).toMatchObject({ outcome: 'unknown' });
  expect(decisionsOf(bench.db, incident, 1)).toEqual([]);
  expect(await decide({ round: 1 })).toMatchObject({ outcome: 'won' });
  expect(await decide({ answer: 'skip', who: 'person:bob' })).toMatchObject({
    outcome: 'too_late',
    words: expect.stringContaining('Approved by ada'),
  });
});

it('lets the people of a chat decide whom the settings, or an override for the incident, name', async () => {
  const { bench, incident } = await asked();
  const by = (who: string) => ({ incident, channel: 'slack', who }) as const;
  const config: Config = defaultConfig();
  config.notify.slack.approvers = ['U0ADA'];
  const other = { ...defaultConfig().notify, slack: { channel: 'C0', approvers: ['U0BOB'] } };
  const overridden = { ...config, overrides: [{ match: { files: ['src/**'] }, set: { notify: other } }] };
  const special = openDesk({ bench, settings: async () => ({ config: overridden }) });
  expect([await special.isApprover(by('U0ADA')), await special.isApprover(by('U0BOB'))]).toEqual([false, true]);
  const desk = openDesk({ bench, settings: async () => ({ config }) });
  expect([await desk.isApprover(by('U0ADA')), await desk.isApprover(by('U0EVE'))]).toEqual([true, false]);
  expect(await desk.decide({ ...by('U0EVE'), answer: 'approve' })).toMatchObject({ outcome: 'not_allowed' });
  expect(await desk.refusal({ ...by('U0ADA'), answer: 'skip' })).toBeUndefined();
  expect(whoOf({ channel: 'slack', who: 'U0ADA', name: 'Ada <b>\n`x`' })).toBe('person:slack:U0ADA Ada bx');
});

it('starts and publishes nothing in a dry run', async () => {
  const { bench, incident } = await asked();
  const desk = openDesk({ bench, settings, dryRun: true });
  expect(await desk.decide({ ...terminal, incident, answer: 'approve' })).toMatchObject({ outcome: 'not_possible' });
  expect((await bench.incidents.get(incident))?.status).toBe('awaiting_start');
});

it('asks again where a process ended between its decision and what follows from it', async () => {
  let clock = Date.parse('2026-11-20T10:00:00Z');
  const { bench, incident, desk } = await asked(() => new Date(clock));
  const key = (await keyOf(bench, incident)) ?? '';
  const decision = {
    question: key,
    incident,
    round: 1,
    gate: 'start',
    tree: null,
    answer: 'approve',
    reason: null,
  } as const;
  addDecision(bench.db, {
    ...decision,
    who: 'person:slack:U0ADA',
    channel: 'slack',
    at: new Date(clock).toISOString(),
  });
  expect(await desk.decide({ ...terminal, incident, answer: 'skip' })).toMatchObject({ outcome: 'too_late' });
  expect(await voidLeftBehind(bench, new Set([key]))).toEqual([]);
  expect(await voidLeftBehind(bench, new Set())).toHaveLength(1);
  const again = await keyOf(bench, incident);
  expect(again).not.toBe(key);
  expect(await desk.decide({ ...terminal, incident, answer: 'skip', key })).toMatchObject({ outcome: 'too_late' });
  // A terminal's own is left to it for as long as it may be at it.
  addDecision(bench.db, {
    ...decision,
    question: again ?? '',
    who: 'person:ada',
    channel: 'cli',
    at: new Date(clock).toISOString(),
  });
  expect(await voidLeftBehind(bench, new Set())).toEqual([]);
  clock += 60_000;
  expect(await voidLeftBehind(bench, new Set())).toHaveLength(1);

  // Where the step was taken and only its end not noted, nothing is asked again.
  const third = await keyOf(bench, incident);
  const at = new Date(clock).toISOString();
  addDecision(bench.db, { ...decision, question: third ?? '', who: 'person:slack:U0ADA', channel: 'slack', at });
  await bench.incidents.transition({ incident, to: 'queued', who: 'person:slack:U0ADA', why: '' });
  expect(await voidLeftBehind(bench, new Set())).toHaveLength(1);
  expect(decisionsOf(bench.db, incident, 1).map(({ outcome }) => outcome?.outcome)).toEqual(['void', 'void', 'done']);
});

it('hands over what nobody answered in time, from when it was asked, whatever the clock does', async () => {
  let clock = Date.parse('2026-11-20T10:00:00Z');
  let elapsed = 0;
  const { bench, incident, desk } = await asked(() => new Date(clock));
  const log = () => {};
  const look = (seen: Map<string, number>) => expireOverdue({ bench, settings, log, elapsed: () => elapsed }, seen);
  const status = async () => (await bench.incidents.get(incident))?.status;
  const seen = new Map<string, number>();
  clock += 23.9 * 3_600_000;
  await look(seen);
  expect(await status()).toBe('awaiting_start');
  // Set back by years: the process's own time goes on.
  clock -= 3 * 365 * 86_400_000;
  elapsed += 23 * 3_600_000;
  await look(seen);
  expect(await status()).toBe('awaiting_start');
  elapsed += 3_600_000;
  await look(seen);
  expect(await status()).toBe('escalated');
  expect(await bench.incidents.transitions(incident)).toContainEqual(
    expect.objectContaining({ to: 'escalated', who: 'serve', why: expect.stringContaining('approval.expires') }),
  );
  expect(await desk.decide({ ...terminal, incident, answer: 'approve' })).toMatchObject({
    outcome: 'too_late',
    words: expect.stringContaining('Nobody answered in time'),
  });
  expect(await desk.decide({ ...terminal, incident, answer: 'retry' })).toMatchObject({ record: { status: 'queued' } });
});

it('expires after a restart too, and an answer that came a moment before wins', async () => {
  let clock = Date.parse('2026-11-20T10:00:00Z');
  const { bench, incident, desk } = await asked(() => new Date(clock));
  clock += 25 * 3_600_000;
  await desk.decide({ ...terminal, incident, answer: 'approve' });
  await expireOverdue({ bench, settings, log: () => {} }, new Map());
  expect((await bench.incidents.get(incident))?.status).toBe('queued');
  for (const to of ['healing', 'awaiting_start'] as const)
    await bench.incidents.transition({ incident, to, who: 'test', why: 'ask' });
  clock += 25 * 3_600_000;
  // The expiry was decided, and the process ended before the hand-over.
  const key = (await keyOf(bench, incident)) ?? '';
  const decision = {
    question: key,
    incident,
    round: 1,
    gate: 'start',
    tree: null,
    answer: 'expire',
    reason: null,
  } as const;
  addDecision(bench.db, { ...decision, who: 'serve', channel: 'serve', at: new Date(clock).toISOString() });
  expect(await voidLeftBehind(bench, new Set())).toEqual([]);
  await expireOverdue({ bench, settings, log: () => {} }, new Map());
  expect((await bench.incidents.get(incident))?.status).toBe('escalated');
});

it('goes on with what a person decided at a terminal that ended, when they say it again', async () => {
  const { bench, incident, desk } = await asked();
  const key = (await keyOf(bench, incident)) ?? '';
  const decision = { question: key, incident, round: 1, gate: 'start', tree: null, answer: 'approve' } as const;
  addDecision(bench.db, {
    ...decision,
    ...{ who: terminal.who, channel: 'cli', reason: null, at: bench.now().toISOString() },
  });
  expect(await desk.decide({ ...terminal, incident, answer: 'approve', who: 'person:bob' })).toMatchObject({
    outcome: 'too_late',
  });
  expect(await desk.decide({ ...terminal, incident, answer: 'approve' })).toMatchObject({
    outcome: 'won',
    record: { status: 'queued' },
  });
  expect(decisionsOf(bench.db, incident, 1)).toMatchObject([{ who: 'person:ada', outcome: { outcome: 'done' } }]);
});
