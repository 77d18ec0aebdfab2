/** The form of the corpus: what stands where, in which shape, and that no run tells its own label. Rates: rates.test.ts. */
import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { RULES } from '../../../hooks/rules.ts';
import { writeHeldOut } from './held-out/writing/all.ts';
import { writeHeldOut2 } from './held-out-2/writing/all.ts';
import { writeLoops } from './loops/writing/all.ts';
import { circling } from './recording/circling.ts';
import { honest } from './recording/honest.ts';

const rule = z.enum(Object.keys(RULES));
const described = { file: z.string(), pattern: z.string().min(3), provenance: z.string().min(10) };
const step = z.int().positive();
const entrySchema = z.discriminatedUnion('label', [
  z.looseObject({ ...described, label: z.literal('loop'), rule, from_step: step, by_step: step }),
  z.looseObject({ ...described, label: z.literal('legitimate'), near: rule }),
]);
type Entry = z.infer<typeof entrySchema>;

const text = { output: z.string().optional(), error: z.string().optional() };
const about = {
  tree: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .optional(),
  cwd: z.string().optional(),
  agent: z.string().optional(),
};
const neutralSchema = z.union([
  z.strictObject({ tool: z.literal('UserPromptSubmit'), input: z.looseObject({ prompt: z.string() }), ...about }),
  z.strictObject({ tool: z.literal('AssistantText'), input: z.looseObject({ text: z.string() }), ...about }),
  z.strictObject({ tool: z.literal('PreCompact'), input: z.looseObject({}), ...about }),
  z.strictObject({
    tool: z.string().regex(/^([A-Z][A-Za-z]+|mcp__.+__.+)$/),
    input: z.record(z.string(), z.unknown()),
    ...text,
    ...about,
  }),
]);
const transcriptSchema = z.looseObject({ type: z.string() });

const FOLDERS = ['loops', 'legitimate', 'recorded', 'held-out', 'held-out-2'] as const;
const corpus = new Map(FOLDERS.map((folder) => [folder, readFolder(folder)]));
const entries = [...corpus.values()].flatMap(({ index }) => index);

describe.each(FOLDERS)('%s', (folder) => {
  const { index, runs } = corpus.get(folder) ?? { index: [], runs: new Map<string, string[]>() };

  test('the index names every run once, and no other', () => {
    expect(index.map(({ file }) => file).sort()).toEqual([...runs.keys()].sort());
  });

  test('every line has the documented shape', () => {
    const schema = folder === 'recorded' ? transcriptSchema : neutralSchema;
    for (const [file, lines] of runs)
      for (const [at, line] of lines.entries()) {
        const read = schema.safeParse(JSON.parse(line));
        if (!read.success) expect.fail(`${folder}/${file}:${at + 1}: ${read.error.message}`);
      }
  });

  test('a flag can come between the first and the last step at which it is in time', () => {
    for (const entry of index) {
      if (entry.label !== 'loop') continue;
      const steps = runs.get(entry.file)?.length ?? 0;
      expect([entry.file, entry.from_step < entry.by_step, entry.by_step <= steps]).toEqual([entry.file, true, true]);
    }
  });

  test('no run tells what it is, or on which machine it was made', () => {
    const rules = Object.keys(RULES).filter((name) => name.startsWith('loop.'));
    const words = [...rules, 'legitimate', 'thrash', 'from_step', '/work/', '/root/', 'recording-', `${homedir()}/`];
    for (const [file, lines] of runs)
      for (const word of words)
        expect([file, word, lines.some((line) => line.includes(word))]).toEqual([file, word, false]);
  });
});

test('there are enough runs of each kind, over all rules that one run can show', () => {
  const loops = entries.filter(({ label }) => label === 'loop');
  expect(loops.length).toBeGreaterThanOrEqual(60);
  expect(entries.length - loops.length).toBeGreaterThanOrEqual(150);
  expect(corpus.get('recorded')?.index.length).toBeGreaterThanOrEqual(20);
  const shown = new Set(loops.flatMap((entry) => (entry.label === 'loop' ? [entry.rule] : [])));
  // Another attempt is another file, and one file is one fresh state.
  const wanted = Object.keys(RULES).filter((name) => name.startsWith('loop.') && name !== 'loop.earlier_attempt');
  expect([...shown].sort()).toEqual(wanted.sort());
});

test.each([
  ['held-out', 80, 14, 39],
  ['held-out-2', 100, 16, 56],
] as const)('%s has enough runs to say something about the rest of the world', (folder, honest, circles, patterns) => {
  const { index } = corpus.get(folder) ?? { index: [] };
  const loops = index.filter(({ label }) => label === 'loop');
  expect(loops.length).toBeGreaterThanOrEqual(40);
  expect(new Set(loops.map(({ pattern }) => pattern)).size).toBeGreaterThanOrEqual(circles);
  expect(index.length - loops.length).toBeGreaterThanOrEqual(honest);
  expect(new Set(index.map(({ pattern }) => pattern)).size).toBeGreaterThanOrEqual(patterns);
});

test('a pattern has at most five variants', () => {
  const counts = new Map<string, number>();
  for (const { pattern } of entries) counts.set(pattern, (counts.get(pattern) ?? 0) + 1);
  expect([...counts].filter(([, count]) => count > 5)).toEqual([]);
});

test.each([
  ['loops', writeLoops],
  ['held-out', writeHeldOut],
  ['held-out-2', writeHeldOut2],
] as const)('the written runs of %s are what their writer writes', (folder, write) => {
  for (const [file, lines] of write())
    expect(readFileSync(join(import.meta.dirname, folder, file), 'utf8')).toBe(lines);
});

test('every recording comes from a scene, and every scene was recorded', () => {
  const scenes = [...circling, ...honest].flatMap(({ id, told, agents = {} }) => [
    ...(told === undefined ? [] : [`${id}.jsonl`]),
    ...Object.keys(agents).map((word) => `${id}.agent-${word.toLowerCase()}.jsonl`),
  ]);
  expect([...(corpus.get('recorded')?.runs.keys() ?? [])].sort()).toEqual(scenes.sort());
});

function readFolder(folder: string): { index: Entry[]; runs: Map<string, string[]> } {
  const path = join(import.meta.dirname, folder);
  const linesOf = (file: string) => readFileSync(join(path, file), 'utf8').split('\n').filter(Boolean);
  const files = readdirSync(path).filter((name) => name.endsWith('.jsonl') && name !== 'index.jsonl');
  return {
    index: linesOf('index.jsonl').map((line) => entrySchema.parse(JSON.parse(line))),
    runs: new Map(files.map((file) => [basename(file), linesOf(file)])),
  };
}
