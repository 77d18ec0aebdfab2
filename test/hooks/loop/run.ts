/** Runs for the tests of the loop detector: what happened in few words, as the recorders of `hooks/trace/` give it. */
import { defaultConfig } from '../../../context/schemas/config.ts';
import { LoopDetector, type Point } from '../../../hooks/loop/detector.ts';
import type { Flag } from '../../../hooks/loop/flag.ts';
import type { Happening, ToolCall } from '../../../hooks/trace/happening.ts';

export const settings = defaultConfig().detection;

export function call(tool: string, input: Record<string, unknown>, more: Partial<ToolCall> = {}): ToolCall {
  return { kind: 'call', agent: '', id: '', tool, input, outcome: 'ok', output: '', cwd: '/app', tree: null, ...more };
}

export function bash(command: string, output = '', more: Partial<ToolCall> = {}): ToolCall {
  return call('Bash', { command }, { output, ...more });
}

export function failed(command: string, output: string): ToolCall {
  return bash(command, `Exit code 1\n${output}`, { outcome: 'error' });
}

export function read(file_path: string, output: string, input: Record<string, unknown> = {}): ToolCall {
  return call('Read', { file_path, ...input }, { output });
}

export function edit(file_path: string, old_string: string, new_string: string, tree: string | null = null): ToolCall {
  return call(
    'Edit',
    { file_path, old_string, new_string },
    { output: `The file ${file_path} has been updated.`, tree },
  );
}

export function write(file_path: string, content: string): ToolCall {
  return call('Write', { file_path, content }, { output: 'File created successfully' });
}

/** A run of vitest in which these cases failed, with this error; green without any. */
export function tests(failing: readonly string[], error = 'expected 1 to be 2', tree: string | null = null): ToolCall {
  const command = 'npx vitest run';
  const milliseconds = 10 + Math.floor(Math.random() * 80);
  if (failing.length === 0)
    return bash(
      command,
      ` ✓ test/a.test.ts (9 tests) ${milliseconds}ms\n\n Test Files  1 passed (1)\n      Tests  9 passed (9)\n`,
      { tree },
    );
  const cases = failing.map(
    (name) => ` FAIL  test/a.test.ts > ${name}\nAssertionError: ${error}\n ❯ test/a.test.ts:3:9\n`,
  );
  const summary = ` Test Files  1 failed (1)\n      Tests  ${failing.length} failed | ${9 - failing.length} passed (9)\n   Duration  ${milliseconds}ms\n`;
  return { ...failed(command, `${cases.join('\n')}\n${summary}`), tree };
}

export function says(text: string): Happening {
  return { kind: 'text', agent: '', text };
}

export function prompt(text: string): Happening {
  return { kind: 'prompt', agent: '', text };
}

export const compaction: Happening = { kind: 'compaction', agent: '' };

export function times<T>(count: number, make: (n: number) => T): T[] {
  return Array.from({ length: count }, (_, n) => make(n + 1));
}

/** Flags by the number of the happening (from 1) that raised them. */
export function flagsOf(
  run: readonly Happening[],
  { detection = settings, earlier = [] }: { detection?: typeof settings; earlier?: readonly Point[] } = {},
): (Flag & { at: number })[] {
  const detector = new LoopDetector(detection, { earlier });
  return run.flatMap((happening, i) => {
    const flag = detector.see(happening);
    return flag ? [{ ...flag, at: i + 1 }] : [];
  });
}

/** As `loop.repeat:1 at 3`. */
export function told(run: readonly Happening[], options: Parameters<typeof flagsOf>[1] = {}): string[] {
  return flagsOf(run, options).map(({ rule, strike, at }) => `${rule}:${strike} at ${at}`);
}
