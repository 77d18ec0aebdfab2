/** All runs of this folder and their index, by file name. */
import { causes } from './causes.ts';
import { ci } from './ci.ts';
import { comparing } from './comparing.ts';
import { cycling } from './cycling.ts';
import { data } from './data.ts';
import { deeper } from './deeper.ts';
import { exploring } from './exploring.ts';
import { features } from './features.ts';
import { git } from './git.ts';
import { honestLong } from './honest-long.ts';
import { obstacles } from './obstacles.ts';
import { operating } from './operating.ts';
import { packages } from './packages.ts';
import { pages } from './pages.ts';
import { progress } from './progress.ts';
import { reading } from './reading.ts';
import { refactoring } from './refactoring.ts';
import { repeating } from './repeating.ts';
import { resembling } from './resembling.ts';
import { returning } from './returning.ts';
import { talking } from './talking.ts';
import { tests } from './tests.ts';
import { thrashing } from './thrashing.ts';
import { types } from './types.ts';
import { undoing } from './undoing.ts';
import { waiting } from './waiting.ts';

/** Those that go in circles first, then honest work. */
const PARTS = [
  thrashing,
  returning,
  undoing,
  repeating,
  cycling,
  resembling,
  talking,
  features,
  types,
  refactoring,
  tests,
  deeper,
  waiting,
  ci,
  packages,
  git,
  operating,
  exploring,
  reading,
  data,
  pages,
  causes,
  progress,
  comparing,
  obstacles,
  honestLong,
];

export function writeHeldOut2(): Map<string, string> {
  const scenes = PARTS.flatMap((part) => part());
  const files = new Map(scenes.map(({ entry, text }) => [String(entry.file), text]));
  files.set('index.jsonl', scenes.map(({ entry }) => `${JSON.stringify(entry)}\n`).join(''));
  return files;
}
