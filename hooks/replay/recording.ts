/**
 * Reads a recorded run line by line, whichever of the two formats it is in, in pieces of a few megabytes: a transcript of
 * hundreds of them needs no more memory than a small one.
 */
import { UserError } from '../../events/errors.ts';
import { readClaudeLines } from '../trace/claude-lines.ts';
import { readNeutral } from '../trace/neutral.ts';
import type { Placed } from '../trace/placed.ts';
import { ClaudePieces, type NumberedLine } from './claude-pieces.ts';

/** A few megabytes: what a reader holds at a time. */
const PIECE_CHARACTERS = 4 * 1024 * 1024;

const LINE_SHAPES =
  'A line is JSON: {"tool": "Bash", "input": {"command": "npm test"}, "output": "…"}, or one of a Claude Code transcript ({"type": "assistant", "message": {…}}).';

/** Told of each line that was left out, by its number, and why. */
export type LeftOut = (line: number, why: string) => void;

/** What puts lines together that have to be read together. */
interface Pieces {
  add(line: NumberedLine): void;
  /** True where a piece may end. */
  readonly whole: boolean;
  /** The lines of the piece; the next one begins. */
  take(): NumberedLine[];
}

/**
 * `name` stands in errors. Throws UserError, with the line's number, at the first line that cannot be read. Two kinds are
 * left out instead, and `leftOut` is told: a last line that is cut off, as of a run that is still going or was killed, and
 * lines of a transcript that have another shape than those known, as another version of the client may write.
 */
export async function* readRecording(
  lines: AsyncIterable<string>,
  name: string,
  leftOut: LeftOut,
): AsyncGenerator<Placed> {
  let reading: { pieces: Pieces; read: typeof readNeutral } | undefined;
  let characters = 0;
  for await (const { at, text, last } of numbered(lines)) {
    if (last && reading !== undefined && isCutOff(text)) {
      leftOut(at, 'The last line is cut off.');
      break;
    }
    reading ??= readingOf(text, `${name}:${at}`);
    reading.pieces.add({ at, text });
    characters += text.length;
    if (characters < PIECE_CHARACTERS || !reading.pieces.whole) continue;
    yield* placedIn(reading.pieces.take(), reading.read, { name, leftOut });
    characters = 0;
  }
  if (reading !== undefined) yield* placedIn(reading.pieces.take(), reading.read, { name, leftOut });
}

/** Without the empty ones, each as soon as it is known whether another one follows. */
async function* numbered(lines: AsyncIterable<string>): AsyncGenerator<NumberedLine & { last: boolean }> {
  let before: NumberedLine | undefined;
  let at = 0;
  for await (const text of lines) {
    at += 1;
    if (text.trim() === '') continue;
    if (before !== undefined) yield { ...before, last: false };
    before = { at, text };
  }
  if (before !== undefined) yield { ...before, last: true };
}

/** The beginning of an object, and no end. */
function isCutOff(text: string): boolean {
  return text.startsWith('{') && objectIn(text) === undefined;
}

function readingOf(line: string, place: string): { pieces: Pieces; read: typeof readNeutral } {
  const value = objectIn(line);
  if (typeof value?.tool === 'string') return { pieces: new NeutralPieces(), read: readNeutral };
  if (typeof value?.type === 'string') return { pieces: new ClaudePieces(), read: readClaudeLines };
  const what = value === undefined ? 'This is no JSON object.' : 'There is neither `tool` nor `type` in it.';
  throw new UserError(`${place}: ${what}`, LINE_SHAPES);
}

function* placedIn(
  lines: readonly NumberedLine[],
  read: typeof readNeutral,
  { name, leftOut }: { name: string; leftOut: LeftOut },
): Generator<Placed> {
  const { placed, problems } = read(lines.map(({ text }) => text).join('\n'));
  const origin = (line: number) => lines[line - 1]?.at ?? line;
  for (const { line, message } of problems) {
    const at = origin(line);
    if (read !== readClaudeLines || typeof objectIn(lines[line - 1]?.text ?? '')?.type !== 'string')
      throw new UserError(`${name}:${at}: ${message}`, `Correct line ${at}, or leave it out.`);
    leftOut(at, message);
  }
  for (const { line, started, happening } of placed) yield { line: origin(line), started: origin(started), happening };
}

/** Each line stands for itself. */
class NeutralPieces implements Pieces {
  readonly whole = true;
  #lines: NumberedLine[] = [];

  add(line: NumberedLine): void {
    this.#lines.push(line);
  }

  take(): NumberedLine[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }
}

function objectIn(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
