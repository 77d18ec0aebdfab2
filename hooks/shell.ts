/**
 * Reads shell text with a real parser (unbash) and lists every simple command that it would run, in the order of running:
 * also those in substitutions, here-documents, arithmetic, functions, traps and `eval`. Values that the text itself fixes
 * (`D=src; rm $D/a`, a loop over plain words, `cd sub &&`) are followed; everything else is marked as unknown.
 * What cannot be read is refused, so that the caller can take the strictest view.
 */
import { parse } from 'unbash';
import type { Place, ShellReading, SimpleCommand } from './shell/command.ts';
import { ShellState } from './shell/state.ts';
import { TooLarge, Unreadable } from './shell/unreadable.ts';
import { Walker } from './shell/walk.ts';

export type { Place, ShellReading, SimpleCommand, Word } from './shell/command.ts';

/** Longest text that is read, in characters. */
const MAX_LENGTH = 200_000;

/** Texts that were read last without a place: several rules ask about one call, and reading is what takes their time. */
const recent = new Map<string, ShellReading>();
const MAX_RECENT = 32;
/** Longer ones are rare, and what is read of them may be large. */
const MAX_KEPT = 4_000;

/**
 * Reads a command line or script. Never throws; its work is bounded by the steps of `Walker`, whatever the text. Readings
 * are shared: do not change one.
 */
export function readShell(text: string, place?: Place): ShellReading {
  if (place !== undefined || text.length > MAX_KEPT) return read(text, place ?? {});
  const reading = recent.get(text) ?? read(text, {});
  recent.delete(text);
  recent.set(text, reading);
  const [oldest] = recent.keys();
  if (recent.size > MAX_RECENT && oldest !== undefined) recent.delete(oldest);
  return reading;
}

function read(text: string, place: Place): ShellReading {
  if (text.length > MAX_LENGTH) return { ok: false, why: `it is longer than ${MAX_LENGTH} characters` };
  if (text.includes('\0')) return { ok: false, why: 'it holds a NUL character' };
  const commands: SimpleCommand[] = [];
  try {
    const walker = new Walker(commands, place, (inner) => parse(inner));
    walker.text(text, new ShellState(place), { depth: 0 });
    walker.rest();
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, why: error.message };
    if (error instanceof RangeError) return { ok: false, why: new TooLarge().message };
    throw error;
  }
  return { ok: true, commands };
}
