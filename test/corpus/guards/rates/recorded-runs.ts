/**
 * The runs of the corpus and what the guards say about them. The replay comes first and sees the files alone; the indexes,
 * which know what each run is, are read afterwards.
 */
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { defaultConfig } from '../../../../context/schemas/config.ts';
import { type ReplayFlag, replay } from '../../../../hooks/replay.ts';
import { RULES, type Rule } from '../../../../hooks/rules.ts';

const corpus = join(import.meta.dirname, '..');
/** Runs that nobody had looked at when they were first measured; the first of them are in use by now. */
const FOLDERS = ['loops', 'legitimate', 'recorded', 'held-out', 'held-out-2'] as const;

const ruleSchema = z.custom<Rule>((value) => typeof value === 'string' && value in RULES, 'no rule of hooks/rules.ts');
const entrySchema = z.discriminatedUnion('label', [
  z.object({
    label: z.literal('loop'),
    file: z.string(),
    rule: ruleSchema,
    /** The first and the last 1-based line at which a flag comes in time. */
    from_step: z.number().int().positive(),
    by_step: z.number().int().positive(),
    pattern: z.string(),
    provenance: z.string().min(1),
  }),
  z.object({
    label: z.literal('legitimate'),
    file: z.string(),
    near: ruleSchema,
    pattern: z.string(),
    provenance: z.string().min(1),
    session: z.enum(['healing', 'ordinary']).default('ordinary'),
  }),
]);
export type Entry = z.output<typeof entrySchema>;

export interface JudgedRun {
  folder: (typeof FOLDERS)[number];
  /** Below the corpus: `loops/repeat-read-1.jsonl`. */
  file: string;
  flags: readonly ReplayFlag[];
  /** Steps of the run. */
  steps: number;
}

/** Every run of the corpus through the guards, with the default settings. */
export async function judgeAll(): Promise<JudgedRun[]> {
  const { detection, guardrails, tests } = defaultConfig();
  const law = { detection, forbiddenPaths: guardrails.forbidden_paths, testPaths: tests.paths, whatIf: false };
  const judged: JudgedRun[] = [];
  for (const { folder, file } of FOLDERS.flatMap(runsIn)) {
    const lines = createInterface({ input: createReadStream(join(corpus, file)), crlfDelay: Number.POSITIVE_INFINITY });
    const { flags, steps } = await replay(lines, file, law);
    judged.push({ folder, file, flags, steps });
  }
  return judged;
}

/** What the runs are, by the same names. */
export function readIndexes(): Map<string, Entry> {
  const entries = FOLDERS.flatMap((folder) => {
    const index = join(corpus, folder, 'index.jsonl');
    if (!existsSync(index)) return [];
    const lines = readFileSync(index, 'utf8').split('\n').filter(Boolean);
    return lines
      .map((line) => entrySchema.parse(JSON.parse(line)))
      .map((entry) => [`${folder}/${entry.file}`, entry] as const);
  });
  return new Map(entries);
}

function runsIn(folder: JudgedRun['folder']): { folder: JudgedRun['folder']; file: string }[] {
  if (!existsSync(join(corpus, folder))) return [];
  return readdirSync(join(corpus, folder))
    .filter((name) => name.endsWith('.jsonl') && name !== 'index.jsonl')
    .sort()
    .map((name) => ({ folder, file: `${folder}/${name}` }));
}
