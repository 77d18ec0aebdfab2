/**
 * Reads a recorded run line by line, whichever of the two formats it is in, in pieces of a few megabytes: a transcript of
 * hundreds of them needs no more memory than a small one. A piece ends where no call is waiting for its result.
 */
import { UserError } from '../../events/errors.ts';
import { readClaudeLines } from '../trace/claude-lines.ts';
import { readNeutral } from '../trace/neutral.ts';
import type { Placed } from '../trace/placed.ts';

const PIECE_CHARACTERS = 4 * 1024 * 1024;
/** Some calls never come back; their piece ends all the same. */
const LARGEST_PIECE_CHARACTERS = 32 * 1024 * 1024;

const LINE_SHAPES =
  'A line is JSON: {"tool": "Bash", "input": {"command": "npm test"}, "output": "…"}, or one of a Claude Code transcript ({"type": "assistant", "message": {…}}).';

type Format = 'claude' | 'neutral';

/** `name` stands in errors. Throws UserError, with the line's number, at the first line that is neither. */
export async function* readRecording(lines: AsyncIterable<string>, name: string): AsyncGenerator<Placed> {
  let format: Format | undefined;
  let piece = new Piece(0, undefined);
  let at = 0;
  for await (const line of lines) {
    at += 1;
    if (format === undefined && line.trim() !== '') format = formatOf(line, `${name}:${at}`);
    piece.add(line, format);
    if (!piece.full) continue;
    yield* piece.read(format ?? 'neutral', name);
    piece = new Piece(at, piece.opening);
  }
  yield* piece.read(format ?? 'neutral', name);
}

function formatOf(line: string, place: string): Format {
  const value = parsed(line);
  if (typeof value?.tool === 'string') return 'neutral';
  if (typeof value?.type === 'string') return 'claude';
  throw new UserError(
    `${place}: ${value === undefined ? 'this is no JSON object' : 'there is neither `tool` nor `type` in it'}.`,
    LINE_SHAPES,
  );
}

/** Some lines in a row. */
class Piece {
  /** The line with which a stream begins: it tells the folder that all later ones are about. */
  opening: string | undefined;
  readonly #before: number;
  readonly #lines: string[] = [];
  readonly #waiting = new Set<string>();
  readonly #inherited: number;
  #characters = 0;

  constructor(before: number, opening: string | undefined) {
    this.#before = before;
    this.opening = opening;
    this.#inherited = opening === undefined ? 0 : 1;
    if (opening !== undefined) this.#lines.push(opening);
  }

  add(line: string, format: Format | undefined): void {
    this.#lines.push(line);
    this.#characters += line.length;
    if (format === 'claude') this.#follow(line);
  }

  get full(): boolean {
    if (this.#characters < PIECE_CHARACTERS) return false;
    return this.#waiting.size === 0 || this.#characters >= LARGEST_PIECE_CHARACTERS;
  }

  *read(format: Format, name: string): Generator<Placed> {
    const text = this.#lines.join('\n');
    const { placed, problems } = format === 'claude' ? readClaudeLines(text) : readNeutral(text);
    const before = this.#before - this.#inherited;
    const problem = problems[0];
    if (problem) {
      const at = before + problem.line;
      throw new UserError(`${name}:${at}: ${problem.message}`, `Correct line ${at}, or leave it out.`);
    }
    for (const { line, started, happening } of placed)
      yield { line: before + line, started: before + started, happening };
  }

  #follow(line: string): void {
    const opens = line.includes('"tool_use"');
    if (!opens && !line.includes('"tool_result"') && !line.includes('"init"')) return;
    const value = parsed(line);
    if (value?.type === 'system' && value.subtype === 'init') this.opening = line;
    const content = (value?.message as { content?: unknown } | undefined)?.content;
    for (const block of Array.isArray(content) ? content : []) {
      if (block?.type === 'tool_use') this.#waiting.add(block.id);
      if (block?.type === 'tool_result') this.#waiting.delete(block.tool_use_id);
    }
  }
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
