/** SIGKILL of whoever works on a fix, at any step: the incident goes on, is proposed once, and nothing is left running. */
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Turn } from '../../cli/demo/model-turn.ts';
import { ORDERS_PART } from '../../cli/demo/orders-part.ts';
import { honestFix, type Overrides } from '../../cli/demo/play.ts';
import { expectUntouched, type Healed, heal } from './healed.ts';
import { some } from './series.ts';
import { endProcess, type RunningProduct, type Stage, setStage } from './stage.ts';

/** Steps of the honest play of the fixing agent: open, read, test, scenario, fix, lesson, verify, propose. */
const PLAY: Overrides = { run: null };
const FIX_IS_MADE = 5;
const VERIFIES = 6;
/** The part of a run that finds everything but verdict and proposal in the worktree. */
const WITH_LESSON: Overrides = { read: null, test: null, scenario: null, fix: null, run: null };
/** What comes next is judged by the parent alone; that the agent verifies too is shown elsewhere. */
const UNASKED: Overrides = { verify: null, propose: null };
const FINISH: Overrides = { ...WITH_LESSON, lesson: null };

let stage: Stage;
beforeEach(async () => {
  stage = await setStage('node-orders', { origin: true });
});
afterEach(() => stage.remove());

interface Moment {
  name: string;
  /** At this turn of the fixing agent, so many milliseconds after it was answered (0: instead of an answer). */
  turn?: { step: number; afterMs: number };
  /** When the command has written this. */
  output?: string;
  /** What the next run still has to do. */
  next: Overrides;
}

const MOMENTS: Moment[] = [
  { name: 'after start_fix', turn: { step: 1, afterMs: 0 }, next: {} },
  { name: 'after the edit of the fix', turn: { step: FIX_IS_MADE, afterMs: 0 }, next: WITH_LESSON },
  { name: "during the agent's verify_fix", turn: { step: VERIFIES, afterMs: 1500 }, next: FINISH },
  { name: "during the parent's verification", output: 'Verifying the fix', next: FINISH },
  { name: 'between verdict and publishing', output: 'The gate says', next: FINISH },
];

describe('SIGKILL of heal', () => {
  it.each(some(MOMENTS, 3))(
    '$name: the next heal takes it up and proposes it, once',
    async ({ turn, output, next }) => {
      let heal1: RunningProduct | undefined;
      const script = turn
        ? killing(turn, () => heal1?.kill('SIGKILL'))
        : honestFix(ORDERS_PART, { ...PLAY, ...UNASKED });
      let said = '';
      heal1 = await stage.start(['heal', '--error', stage.logFile, '--yes'], script, {
        onOutput: (text) => {
          said += text;
          if (output !== undefined && said.includes(output)) heal1?.kill('SIGKILL');
        },
      });
      expect((await heal1.done).signal, said).toBe('SIGKILL');
      await expectUntouched(stage);
      const healed = await heal(stage, honestFix(ORDERS_PART, { ...PLAY, ...next, ...UNASKED }));
      await expectProposedOnce(healed);
    },
  );
});

describe('SIGKILL of what heal has started', () => {
  it.each([
    ['the client, before the edit of the fix', /(^|\/)claude /, FIX_IS_MADE - 1],
    ['the server with its guards, after it', /dist\/server\.cjs/, FIX_IS_MADE],
  ])('%s: the same heal goes on and proposes it, once', async (_name, command, step) => {
    const healed = await heal(
      stage,
      killing({ step, afterMs: 0 }, async () => {
        const victims = (await stage.processes()).filter((process) => command.test(`${process.command} `));
        expect(victims.length).toBeGreaterThan(0);
        for (const { pid } of victims) endProcess(pid);
      }),
    );
    expect(healed.result.attempts).toBe(2);
    await expectProposedOnce(healed);
  });
});

/** The honest play, with a murder. */
function killing({ step, afterMs }: { step: number; afterMs: number }, kill: () => unknown) {
  const honest = honestFix(ORDERS_PART, PLAY);
  let done = false;
  return async (turn: Turn) => {
    if (!done && turn.agent === 'self-healing' && turn.step === step) {
      done = true;
      if (afterMs === 0) await kill();
      else setTimeout(kill, afterMs);
    }
    return honest(turn);
  };
}

async function expectProposedOnce({ result, exit, stderr }: Healed): Promise<void> {
  expect(result, stderr).toMatchObject({ status: 'proposed', round: 1 });
  expect(exit).toBe(0);
  const branch = `hotfix/auto-${result.incident.slice(4)}`;
  expect(await stage.git(['for-each-ref', '--format=%(refname:short)', 'refs/heads'], stage.origin)).toBe(
    [branch, 'main'].join('\n'),
  );
  expect(await stage.git(['rev-list', '--count', `main..${branch}`], stage.origin)).toBe('1');
  await expectUntouched(stage);
  for (let tries = 0; tries < 50 && (await stage.processes()).length > 0; tries++) await wait(100);
  expect(await stage.processes()).toEqual([]);
}
