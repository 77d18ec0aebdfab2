/**
 * What the held-out runs are written with: one `Run` is one file, each method one line of it. Numbers that a real run would
 * vary (times, ports, ids) come from a generator seeded by the file's name, so that a run is the same whenever it is written.
 */
import type { LoopRule } from '../../../../../hooks/rules.ts';

export interface Written {
  file: string;
  lines: string[];
  entry: Record<string, string | number>;
}

export interface Told {
  file: string;
  pattern: string;
  about: string;
  /** The public report whose pattern (never its words) the run follows. */
  after?: string;
  /** How many parts of other, finished work come first in the same session. */
  workBefore?: number;
}

export class Run {
  readonly root = '/home/dev/app';
  readonly lines: string[] = [];
  from = 0;
  by = 0;
  #seed: number;

  constructor(name: string) {
    this.#seed = [...name].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) >>> 0, 7);
  }

  /** A number from `low` to `high`. */
  number(low: number, high: number): number {
    this.#seed = (Math.imul(this.#seed, 1664525) + 1013904223) >>> 0;
    return low + ((this.#seed >>> 8) % (high - low + 1));
  }

  /** Seconds with two digits, as most runners print them. */
  seconds(low: number, high: number): string {
    return (this.number(low * 100, high * 100) / 100).toFixed(2);
  }

  hex(length: number): string {
    return Array.from({ length }, () => this.number(0, 15).toString(16)).join('');
  }

  /** The same items in another order. */
  shuffled<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, at: this.number(0, 1_000_000) }))
      .sort((left, right) => left.at - right.at)
      .map(({ item }) => item);
  }

  call(tool: string, input: Record<string, unknown>, output: string): void {
    this.#add({ tool, input, output });
  }

  failed(tool: string, input: Record<string, unknown>, error: string): void {
    this.#add({ tool, input, error });
  }

  bash(command: string, output: string): void {
    this.call('Bash', { command }, output);
  }

  red(command: string, output: string, code = 1): void {
    this.failed('Bash', { command }, `Exit code ${code}\n${output}`);
  }

  read(path: string, text: string, first = 1): void {
    const numbered = text.split('\n').map((line, at) => `${String(first + at).padStart(6)}→${line}`);
    const part = first === 1 ? {} : { offset: first, limit: numbered.length };
    this.call('Read', { file_path: `${this.root}/${path}`, ...part }, numbered.join('\n'));
  }

  edit(path: string, from: string, to: string): void {
    const file = `${this.root}/${path}`;
    const input = { file_path: file, old_string: from, new_string: to };
    this.call('Edit', input, `The file ${file} has been updated successfully.`);
  }

  write(path: string, content: string): void {
    const file = path.startsWith('/') ? path : `${this.root}/${path}`;
    this.call('Write', { file_path: file, content }, `File created successfully at: ${file}`);
  }

  grep(pattern: string, output: string, rest: Record<string, unknown> = {}): void {
    this.call('Grep', { pattern, ...rest }, output);
  }

  say(text: string): void {
    this.#add({ tool: 'AssistantText', input: { text } });
  }

  ask(prompt: string): void {
    this.#add({ tool: 'UserPromptSubmit', input: { prompt } });
  }

  compact(): void {
    this.#add({ tool: 'PreCompact', input: { trigger: 'auto' } });
  }

  /** From the line just written it is fair to speak of a circle. */
  fair(): void {
    if (this.from === 0) this.from = this.lines.length;
  }

  /** By the line just written a guard that is of use has spoken. */
  late(): void {
    if (this.by === 0) this.by = this.lines.length;
  }

  /** Both marks, by how often something happened already. */
  mark(times: number, fair: number, late: number): void {
    if (times >= fair) this.fair();
    if (times >= late) this.late();
  }

  #add(line: Record<string, unknown>): void {
    this.lines.push(JSON.stringify(line));
  }
}

export function circle(rule: LoopRule, told: Told, tell: (run: Run) => void): Written {
  const run = begun(told);
  tell(run);
  const marks = { label: 'loop', rule, from_step: run.from, by_step: run.by };
  return { file: `${told.file}.jsonl`, lines: run.lines, entry: entryOf(told, marks) };
}

export function honest(near: LoopRule, told: Told, tell: (run: Run) => void): Written {
  const run = begun(told);
  tell(run);
  return { file: `${told.file}.jsonl`, lines: run.lines, entry: entryOf(told, { label: 'legitimate', near }) };
}

/** Sessions are seldom fresh: other work comes first, each part of it with its own files and texts. */
function begun({ file, workBefore = 0 }: Told): Run {
  const run = new Run(file);
  const nouns = run.shuffled([
    'address',
    'banner',
    'coupon',
    'digest',
    'export',
    'footer',
    'glossary',
    'header',
    'importer',
  ]);
  for (const [at, noun] of nouns.slice(0, workBefore).entries()) {
    if (at % 3 === 0) run.ask(`please see to the ${noun} first`);
    run.grep(noun, `Found ${run.number(2, 4)} files\nsrc/${noun}.ts\ntest/${noun}.test.ts`);
    run.read(
      `src/${noun}.ts`,
      `export const ${noun} = {\n  limit: ${run.number(2, 99)},\n  label: '${noun} ${run.hex(4)}',\n};`,
    );
    run.edit(`src/${noun}.ts`, 'limit:', `// as the ${noun} is shown\n  limit:`);
    run.bash(
      `npx vitest run ${noun}`,
      ` ✓ test/${noun}.test.ts (${run.number(2, 9)} tests) ${run.number(3, 40)}ms\n Test Files  1 passed (1)`,
    );
    if (at % 2 === 1)
      run.bash(
        `git commit -qam "Say what the ${noun} shows" && git log --oneline | head -1`,
        `${run.hex(7)} Say what the ${noun} shows`,
      );
  }
  return run;
}

function entryOf(told: Told, marks: Record<string, string | number>): Record<string, string | number> {
  const { file, pattern, about, after } = told;
  const source = after === undefined ? 'from experience' : `after the facts of ${after}`;
  const provenance = `written blind for the held-out set, ${source}`;
  return { file: `${file}.jsonl`, ...marks, pattern, provenance, about };
}
