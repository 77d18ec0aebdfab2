/** All held-out runs and their index, by file name. */
import { circlingBuilds } from './circling-builds.ts';
import { circlingCalls } from './circling-calls.ts';
import { circlingChanges } from './circling-changes.ts';
import { circlingEdits } from './circling-edits.ts';
import { circlingRounds } from './circling-rounds.ts';
import { circlingWords } from './circling-words.ts';
import { honestBatches } from './honest-batches.ts';
import { honestErrors } from './honest-errors.ts';
import { honestRhythm } from './honest-rhythm.ts';
import { honestRoutines } from './honest-routines.ts';
import { honestSessions } from './honest-sessions.ts';
import { honestTests } from './honest-tests.ts';
import { honestWaiting } from './honest-waiting.ts';

export function writeHeldOut(): Map<string, string> {
  const runs = [
    circlingCalls,
    circlingRounds,
    circlingWords,
    circlingEdits,
    circlingChanges,
    circlingBuilds,
    honestErrors,
    honestTests,
    honestRhythm,
    honestWaiting,
    honestBatches,
    honestSessions,
    honestRoutines,
  ]
    .flatMap((write) => write())
    .sort((left, right) => (left.file < right.file ? -1 : 1));
  const index = runs.map(({ entry }) => JSON.stringify(entry));
  return new Map([
    ...runs.map(({ file, lines }) => [file, `${lines.join('\n')}\n`] as const),
    ['index.jsonl', `${index.join('\n')}\n`],
  ]);
}
