/** All runs of this folder and their index, by file name. */
import { circlingCalls } from './circling-calls.ts';
import { circlingChecks } from './circling-checks.ts';
import { honestBuilding } from './honest-building.ts';
import { honestLong } from './honest-long.ts';
import { honestLooking } from './honest-looking.ts';
import { honestNear } from './honest-near.ts';
import { honestRunning } from './honest-running.ts';

export function writeHeldOut2(): Map<string, string> {
  const scenes = [
    ...circlingChecks(),
    ...circlingCalls(),
    ...honestBuilding(),
    ...honestRunning(),
    ...honestLooking(),
    ...honestNear(),
    ...honestLong(),
  ];
  const files = new Map(scenes.map(({ entry, text }) => [String(entry.file), text]));
  files.set('index.jsonl', scenes.map(({ entry }) => `${JSON.stringify(entry)}\n`).join(''));
  return files;
}
