/**
 * The neutral format of recorded runs, for clients other than Claude Code and for samples written by hand: JSONL of
 * `{tool, input, output?, error?, tree?, cwd?, agent?}`. `tool` may also be `UserPromptSubmit`, `AssistantText` or
 * `PreCompact`; their text is `input` itself, or its `prompt` or `text`.
 */
import { z } from 'zod';
import { clipOutput } from './clip.ts';
import type { Happening } from './happening.ts';
import { outcomeOf } from './outcome.ts';
import type { ReadLines } from './placed.ts';

const lineSchema = z.object({
  tool: z.string().min(1),
  input: z.union([z.string(), z.record(z.string(), z.unknown())]).default({}),
  output: z.unknown().optional(),
  /** True, or what the tool said when it failed. */
  error: z.union([z.string(), z.boolean()]).nullish(),
  tree: z.string().nullish(),
  cwd: z.string().nullish(),
  agent: z.string().nullish(),
});
type Line = z.infer<typeof lineSchema>;

/** Never throws: a line that cannot be read becomes a problem. */
export function readNeutral(text: string): ReadLines {
  const read: ReadLines = { placed: [], problems: [] };
  for (const [index, raw] of text.split('\n').entries()) {
    if (raw.trim() === '') continue;
    const line = index + 1;
    const parsed = parse(raw);
    if ('message' in parsed) read.problems.push({ line, message: parsed.message });
    else read.placed.push({ line, started: line, happening: happeningOf(parsed.line) });
  }
  return read;
}

function parse(raw: string): { line: Line } | { message: string } {
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch {
    return {
      message:
        'It is not JSON. Each line is one object: {"tool": "Bash", "input": {"command": "npm test"}, "output": "…"}.',
    };
  }
  const checked = lineSchema.safeParse(value);
  if (checked.success) return { line: checked.data };
  const [issue] = checked.error.issues;
  const where = issue?.path.join('.') || 'the line';
  return {
    message: `${where}: ${issue?.message ?? 'not understood'}. Expected {tool, input, output?, error?, tree?, cwd?, agent?}.`,
  };
}

function happeningOf(line: Line): Happening {
  const agent = line.agent ?? '';
  switch (line.tool) {
    case 'UserPromptSubmit':
      return { kind: 'prompt', agent, text: said(line.input) };
    case 'AssistantText':
      return { kind: 'text', agent, text: said(line.input) };
    case 'PreCompact':
      return { kind: 'compaction', agent };
    default: {
      const failed = line.error !== undefined && line.error !== null && line.error !== false;
      const own = textOf(line.output);
      const output = typeof line.error === 'string' && own === '' ? line.error : own;
      return {
        kind: 'call',
        agent,
        id: '',
        tool: line.tool,
        input: typeof line.input === 'string' ? { input: line.input } : line.input,
        outcome: outcomeOf({ tool: line.tool, text: output, isError: failed || undefined }),
        output: clipOutput(output),
        cwd: line.cwd ?? null,
        tree: line.tree ?? null,
      };
    }
  }
}

function said(input: Line['input']): string {
  if (typeof input === 'string') return input;
  return [input.prompt, input.text].find((text) => typeof text === 'string') ?? '';
}

function textOf(output: unknown): string {
  if (output === undefined || output === null) return '';
  return typeof output === 'string' ? output : (JSON.stringify(output) ?? '');
}
