/** Several incidents in one session, several sessions in one repository: none takes another's fix, scope or approval. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { livingContext, type Reply, use } from '../../cli/demo/model-reply.ts';
import type { Turn } from '../../cli/demo/model-turn.ts';
import { ORDERS_PART } from '../../cli/demo/orders-part.ts';
import { honestFix, type Overrides } from '../../cli/demo/play.ts';
import { expectUntouched } from './healed.ts';
import { EMPTY_LINE_PART, emptyLineError } from './plays/empty-line.ts';
import type { ClientRun, StreamEvent } from './run-client.ts';
import { sessionWith } from './session-play.ts';
import { endProcess, type Stage, setStage } from './stage.ts';

let stage: Stage;
let emptyLine: string;
beforeEach(async () => {
  stage = await setStage('node-orders', { origin: true });
  emptyLine = await emptyLineError(stage.root);
});
afterEach(() => stage.remove());

/** Two or three fixes in a row, each with its verification. */
const PATIENT = { timeoutMs: 400_000 };
const SHORT: Overrides = { run: null, lesson: null };
/** Both bugs: which one an agent works on stands in the context that start_fix answers with. */
function agents(expired: Overrides = SHORT): (turn: Turn) => Reply {
  const [orders, line] = [honestFix(ORDERS_PART, expired), honestFix(EMPTY_LINE_PART, SHORT)];
  return (turn) => (turn.allResults.some(({ text }) => text.includes("reading 'sku'")) ? line : orders)(turn);
}

const expiredIn = (events: StreamEvent[]) => incidentsIn(events)[0] ?? 'INC-none';
const emptyIn = (events: StreamEvent[]) => incidentsIn(events)[1] ?? 'INC-none';
/** In the order in which they were told of. */
// A past one stands in the context.
const PAST = 'INC-5b1e0f7c2a9d4e36';
function incidentsIn(events: StreamEvent[]): string[] {
  return [...new Set(JSON.stringify(events).match(/INC-[0-9a-f]{16}/g))].filter((incident) => incident !== PAST);
}
const results = ({ requests }: ClientRun) => requests.flatMap(({ turn }) => turn.lastToolResults);
const show = async (incident: string) => JSON.parse((await stage.run(['show', incident, '--json'])).stdout);
const filesOf = async (incident: string) =>
  (await stage.git(['diff', '--name-only', 'main', `hotfix/auto-${incident.slice(4)}`, '--', 'src', 'test'])).split(
    '\n',
  );

/** `/self-healing:status` as the model carries it out. */
const withStatus = (script: (turn: Turn) => Reply) => (turn: Turn) => {
  if (turn.agent !== 'main' || !turn.told.includes('Call `list_incidents` of the living-context server. Show'))
    return script(turn);
  return use(livingContext('list_incidents', {}));
};
const listed = (run: ClientRun) =>
  results(run)
    .filter((text) => text.startsWith('{"incidents"'))
    .map((text) => JSON.parse(text).incidents as Record<string, unknown>[]);

describe('one session', { timeout: 450_000 }, () => {
  it('heals one incident after another, and publishes each on its own word, in any order', async () => {
    const run = await stage.session(
      [
        `/self-healing:heal ${stage.log}`,
        `/self-healing:heal ${emptyLine}`,
        '/self-healing:status',
        (events) => `/self-healing:approve ${expiredIn(events)}`,
        (events) => `/self-healing:approve ${emptyIn(events)}`,
      ],
      withStatus(sessionWith(agents())),
      PATIENT,
    );
    const [expired = '', empty = ''] = incidentsIn(run.events);
    const [standing] = listed(run);
    expect(standing?.map(({ incident }) => incident)).toEqual([empty, expired]);
    for (const one of standing ?? [])
      expect(one).toMatchObject({
        status: 'awaiting_publish',
        verdict: 'pass',
        needs_person: true,
        worktree: expect.stringContaining(String(one.incident).slice(4)),
        next: expect.stringContaining(`/self-healing:approve ${one.incident} publishes it`),
      });
    expect(await filesOf(expired)).toEqual(['src/tenant-context.js', 'test/expired-session.test.js']);
    expect(await filesOf(empty)).toEqual(['src/pricing.js', 'test/empty-line.test.js']);
    for (const incident of [expired, empty]) expect(await show(incident)).toMatchObject({ status: 'proposed' });
    await expectUntouched(stage);
  });
});

describe('two sessions at once', { timeout: 450_000 }, () => {
  it('heal different incidents; one is told who holds the other’s, and takes it over when that session has gone', async () => {
    let opened: (reply: string) => void = () => {};
    const inWork = new Promise<string>((resolve) => {
      opened = resolve;
    });
    /** The first session never gets beyond its fix. */
    const stuck: Overrides = {
      ...SHORT,
      fix: ({ incident }) => {
        opened(incident);
        return { kind: 'hang' };
      },
    };
    const first = stage.session([`/self-healing:heal ${stage.log}`], sessionWith(agents(stuck)));
    const expired = await inWork;
    const holders = (await stage.processes()).map(({ pid }) => pid);

    const taking = withStatus(sessionWith(agents({ ...SHORT, test: null, scenario: null })));
    const second = await stage.session(
      [
        `/self-healing:heal ${expired}`,
        '/self-healing:status',
        `/self-healing:heal ${emptyLine}`,
        `/self-healing:heal ${expired} now`,
        (events) => `/self-healing:approve ${emptyIn(events)}`,
      ],
      async (turn) => {
        if (turn.agent === 'main' && turn.told.includes(`${expired} now`)) {
          for (const pid of holders) endProcess(pid);
          await first;
        }
        return taking(turn);
      },
      PATIENT,
    );
    const told = results(second).find((text) => text.includes('is being worked on by another process')) ?? '';
    expect(told).toContain(`not_allowed: ${expired} is being worked on by another process`);
    const holder = Number(/process (\d+) on/.exec(told)?.[1]);
    expect(holders).toContain(holder);
    expect(listed(second)[0]).toMatchObject([
      { incident: expired, status: 'healing', held_by: `process ${holder}`, next: '' },
    ]);

    const empty = emptyIn(second.events);
    expect(await show(empty)).toMatchObject({ status: 'proposed' });
    expect(await filesOf(empty)).toEqual(['src/pricing.js', 'test/empty-line.test.js']);
    const { status, transitions } = await show(expired);
    expect(status).toBe('awaiting_publish');
    expect(transitions).toContainEqual(expect.objectContaining({ why: 'taken up again after a crash' }));
    await expectUntouched(stage);
  });
});
