/** What later runs are told of earlier ones, and how many of those there were, as the rows have it. */
import { expect, it } from 'vitest';
import { attemptsMade, lastFailed, noteAttempt, triedBefore, wasPlanning } from '../../../healer/heal/attempts.ts';
import { finishRun, insertRun, type RunPart, unseenEnd } from '../../../store/runs.ts';
import { appendStep } from '../../../store/steps.ts';
import { reported } from '../sample-fix.ts';

async function round() {
  const { bench, incident } = await reported();
  const fix = { incident, round: 1 };
  let second = 0;
  const ran = (attempt: number, mode: string | null, part: RunPart | null = null) => {
    const id = `${attempt}-${++second}`;
    insertRun(bench.db, { id, ...fix, attempt, phase: 'fix', part, started_at: `2026-11-20T10:00:0${second}.000Z` });
    finishRun(bench.db, id, unseenEnd(bench.now(), mode));
    return id;
  };
  return { bench, fix, ran, at: { bench, fix } };
}

it('counts what was an attempt: not one that no API answered, nor one that somebody ended, whose numbers are used again', async () => {
  const { at, ran } = await round();
  expect(attemptsMade(at)).toEqual({ whole: 0, all: 0 });
  ran(1, null);
  ran(2, 'cancelled');
  ran(2, 'transient');
  expect(attemptsMade(at)).toEqual({ whole: 1, all: 1 });
  ran(2, 'loop');
  expect(wasPlanning(at)).toBe(false);
  ran(3, null, 'plan');
  ran(4, 'crash', 'subtask');
  ran(5, 'cancelled', 'subtask');
  expect(attemptsMade(at)).toEqual({ whole: 2, all: 4 });
  expect(wasPlanning(at)).toBe(true);
});

it('tells the last failed one with its actions, and those before it a line each', async () => {
  const { bench, at, ran } = await round();
  expect(lastFailed(at)).toBeUndefined();
  ran(1, null);
  noteAttempt(at, 1, {
    mode: 'verification',
    why: 'The fix does not\npass the gate. [reproduction.still_red] It is red.',
  });
  const run = ran(2, 'loop');
  noteAttempt(at, 2, { mode: 'loop', why: 'It went in circles.' });
  appendStep(bench.db, {
    run,
    at: '2026-11-20T10:00:00.000Z',
    tool: 'Bash',
    input: '{"command":"npm test"}',
    outcome: 'ok',
  });
  expect(triedBefore(at)).toEqual([
    'attempt 1: verification: The fix does not pass the gate. [reproduction.still_red] It is red.',
    'attempt 2: loop: It went in circles.',
  ]);
  expect(lastFailed(at)).toEqual({
    mode: 'loop',
    why: 'It went in circles.',
    unmet: [],
    actions: ['Bash {"command":"npm test"} → ok'],
    output: 'It went in circles.',
    triedBefore: [triedBefore(at)[0]],
  });
  noteAttempt(at, 2, { mode: null, why: 'proven after all' });
  expect(lastFailed(at)).toMatchObject({ mode: 'verification' });
});
