/** Every written run that goes in circles: `loops/*.jsonl` and `loops/index.jsonl` hold exactly these. */
import { writePattern } from './pattern.ts';
import { cycles } from './patterns-cycle.ts';
import { monologues } from './patterns-monologue.ts';
import { repeats } from './patterns-repeat.ts';
import { revisits } from './patterns-revisit.ts';
import { similarities } from './patterns-similar.ts';
import { thrashing } from './patterns-thrash.ts';
import { undone } from './patterns-undo.ts';

const PROVENANCE = 'written for this corpus by loops/writing, from the rules and without a look at the detector';

/** Text by file name. */
export function writeLoops(): Map<string, string> {
  const files = new Map<string, string>();
  const index: object[] = [];
  for (const pattern of [...revisits, ...undone, ...thrashing, ...repeats, ...cycles, ...similarities, ...monologues])
    for (const { file, about, run } of writePattern(pattern)) {
      if (run.from === 0 || run.by === 0) throw new Error(`${file} ends before it can be called going in circles`);
      files.set(file, jsonLines(run.steps));
      const { id, rule } = pattern;
      index.push({
        file,
        label: 'loop',
        rule,
        from_step: run.from,
        by_step: run.by,
        pattern: id,
        provenance: PROVENANCE,
        about,
      });
    }
  return files.set('index.jsonl', jsonLines(index));
}

function jsonLines(values: readonly object[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}
