import { expect, it } from 'vitest';
import { linkedContext } from '../../../healer/fixes/linked-context.ts';
import { approveStart } from '../../../healer/incidents/decisions.ts';
import { approveWaiting } from '../../../healer/incidents/waiting.ts';
import { openSettings } from '../../../healer/intake/settings.ts';
import { settleDue } from '../../../healer/intake/settler.ts';
import { claimNext } from '../../../healer/queue/claim.ts';
import { queueState } from '../../../healer/queue/state.ts';
import { linkOf } from '../../../store/links.ts';
import type { IncidentStatus } from '../../../store/states.ts';
import { eventRow } from '../../store/incidents.contract.ts';
import { sampleBench } from '../sample-repository.ts';

const START = Date.parse('2026-11-20T10:00:00Z');
const ROOT = 'INC-aaaaaaaaaaaaaaaa';
const LINKED = 'INC-bbbbbbbbbbbbbbbb';
const HOUR = 3600;

/** Two services that could not reach one database, settled one after the other. */
async function outage(config = '') {
  let clock = START;
  const now = () => new Date(clock);
  const yaml = `version: "1.0"\nintake: { settle: 1s, min_severity: low }\n${config}`;
  const { bench } = await sampleBench({ '.self-healing/config.yaml': yaml }, { now });
  const settings = await openSettings(bench, () => {});
  const occur = async (letter: string, changes: Record<string, unknown> = {}) => {
    const at = now().toISOString();
    const what = { type: 'Error', message: 'connect ECONNREFUSED db.internal:5432', trigger: undefined, frames: [] };
    const times = { first_seen: at, last_seen: at, received_at: at };
    await bench.incidents.record(eventRow({ fingerprint: letter.repeat(16), ...what, ...times, ...changes }));
  };
  await occur('a');
  clock += 200;
  await occur('b', { service: 'pay' });
  clock += 2000;
  await settleDue({ bench, settings }, () => {});
  return {
    bench,
    occur,
    after: (seconds: number) => (clock += seconds * 1000),
    look: () => settleDue({ bench, settings }, () => {}),
    status: async (incident: string) => (await bench.incidents.get(incident))?.status,
    why: async (incident: string) => (await bench.incidents.transitions(incident)).at(-1)?.why,
    walk: async (...way: IncidentStatus[]) => {
      for (const to of way)
        expect(await bench.incidents.transition({ incident: ROOT, to, who: 'test', why: '' })).toMatchObject({
          ok: true,
        });
    },
  };
}

it('of one outage one error is started, and the other says what it waits for', async () => {
  const { bench, status, why, look } = await outage();
  expect([await status(ROOT), await status(LINKED)]).toEqual(['queued', 'detected']);
  expect(await why(LINKED)).toContain(`waits for ${ROOT}: both could not reach db.internal:5432`);
  expect(linkOf(bench.db, LINKED, 1)).toMatchObject({ root: ROOT, kind: 'cause', until: '2026-11-21T10:00:02.200Z' });
  expect(linkOf(bench.db, ROOT, 1)).toBeUndefined();
  expect(linkedContext(bench.db, ROOT)).toContain(`- ${LINKED}: both could not reach db.internal:5432`);
  expect(linkedContext(bench.db, LINKED)).toBe('');
  await look();
  expect(await status(LINKED)).toBe('detected');
});

it('goes on by the policy when the suspected root has ended, and is not held back again', async () => {
  const { bench, status, why, look, walk, occur, after } = await outage();
  await walk('healing', 'dismissed');
  await occur('c', { service: 'mail', first_seen: '2026-11-20T09:59:59Z' });
  after(2);
  await look();
  expect(await status(LINKED)).toBe('queued');
  expect(await why(LINKED)).toBe(`approval.start is auto; ${ROOT}, which it waited for, is dismissed`);
  expect(linkOf(bench.db, LINKED, 1)?.released_why).toContain('is dismissed');
});

it('waits no longer than a decision may take', async () => {
  const { status, look, after, why } = await outage('approval: { start: ask, expires: 2h }\n');
  after(2 * HOUR - 1);
  await look();
  expect(await status(LINKED)).toBe('detected');
  after(1);
  await look();
  expect(await status(LINKED)).toBe('awaiting_start');
  expect(await why(LINKED)).toContain('as long as it may');
});

it('is started by a person before', async () => {
  const { bench, status, look } = await outage();
  await approveStart(bench.incidents, { incident: LINKED, who: 'person:ada' });
  await look();
  expect(await status(LINKED)).toBe('queued');
});

it('is held back no more than once in a round, and in a circle by nobody', async () => {
  const { bench, status, look, occur, after } = await outage();
  // The root names the other's service, and so would wait for it; but that waits already.
  await occur('a', { message: 'connect ECONNREFUSED pay:80' });
  bench.db.run("UPDATE incidents SET status = 'settling' WHERE incident = ?", [ROOT]);
  after(2);
  await look();
  expect([await status(ROOT), await status(LINKED)]).toEqual(['queued', 'detected']);
});

it('an alert waits for the error of its service', async () => {
  const { status, look, occur, after, why } = await outage();
  await occur('d', {
    source: 'alertmanager',
    trigger: 'alert',
    type: 'HighErrorRate',
    message: '7 % fail',
    severity: 'high',
  });
  after(2);
  await look();
  expect(await status('INC-dddddddddddddddd')).toBe('detected');
  expect(await why('INC-dddddddddddddddd')).toContain(`waits for ${ROOT}: it is an alert about "shop"`);
});

const ALERT = 'INC-dddddddddddddddd';
const ERROR = 'INC-eeeeeeeeeeeeeeee';
const HIGH = { source: 'alertmanager', trigger: 'alert', type: 'HighErrorRate', message: '7 % fail', severity: 'high' };
const FRAMES = [{ file: 'src/price.ts', line: 3, function: 'price', in_app: true }];

/** An alert that was queued, and the error of its service that comes after it. */
async function alertFirst(config = '') {
  const outageOf = await outage(config);
  const { bench, occur, after, look, status } = outageOf;
  await occur('d', { ...HIGH, service: 'orders' });
  after(2);
  await look();
  expect(await status(ALERT)).toBe('queued');
  await occur('e', { service: 'orders', message: 'price of undefined', frames: FRAMES });
  await look();
  /** Of others than the first. */
  const claim = async () => {
    const claimed = await claimNext(bench, [ROOT]);
    await claimed?.lease.release();
    return claimed?.record.incident;
  };
  const settings = await openSettings(bench, () => {});
  const next = async () => (await queueState(bench, (await settings()).config, {})).next;
  return { ...outageOf, claim, next };
}

it('an alert that was queued before the error of its service came keeps its place, and is passed over', async () => {
  const { bench, status, claim, next, after, look, why } = await alertFirst();
  expect(linkOf(bench.db, ALERT, 1)).toMatchObject({ root: ERROR, kind: 'alert', released_at: null });
  expect([await status(ALERT), await status(ERROR)]).toEqual(['queued', 'settling']);
  expect([await claim(), await next()]).toEqual([undefined, [ROOT]]);
  after(2);
  await look();
  expect(await status(ERROR)).toBe('queued');
  expect(await next()).toEqual([ROOT, ERROR]);
  expect(await why(ALERT)).toBe('approval.start is auto');

  for (const to of ['healing', 'dismissed'] as const)
    await bench.incidents.transition({ incident: ERROR, to, who: 'test', why: '' });
  expect(await claim()).toBe(ALERT);
  await look();
  expect(linkOf(bench.db, ALERT, 1)?.released_why).toContain('is dismissed');
});

it('an alert that is passed over is started by a person before, and at the latest when a decision would expire', async () => {
  const one = await alertFirst();
  expect(await approveWaiting(one.bench, { incident: ALERT, who: 'person:ada' })).toMatchObject({ status: 'queued' });
  expect(await one.claim()).toBe(ALERT);
  await one.look();
  expect(linkOf(one.bench.db, ALERT, 1)?.released_why).toBe('person:ada took it up');

  const other = await alertFirst('approval: { expires: 2h }\n');
  other.after(2 * HOUR);
  expect(await other.claim()).toBe(ALERT);
});

it('leaves alone what a person has queued, and what was begun', async () => {
  const { bench, occur, look, after } = await outage('approval: { start: ask }\n');
  await occur('d', { ...HIGH, service: 'orders' });
  after(2);
  await look();
  await approveStart(bench.incidents, { incident: ALERT, who: 'person:ada' });
  await occur('e', { service: 'orders', message: 'price of undefined', frames: FRAMES });
  await look();
  expect(linkOf(bench.db, ALERT, 1)).toBeUndefined();

  for (const to of ['healing', 'queued'] as const)
    await bench.incidents.transition({ incident: ALERT, to, who: 'serve', why: '' });
  await look();
  expect(linkOf(bench.db, ALERT, 1)).toBeUndefined();
});

it('the same error that comes with its place takes the turn of the one without', async () => {
  const { bench, occur, look, after, status } = await outage();
  await occur('d', { source: 'log', message: 'price of undefined' });
  after(2);
  await look();
  expect(await status(ALERT)).toBe('queued');
  await occur('e', { source: 'sentry', message: 'price of undefined', frames: FRAMES });
  await look();
  expect(linkOf(bench.db, ALERT, 1)).toMatchObject({ root: ERROR, kind: 'same_error' });
});
