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

/** Reads a command line or script. Never throws; its work is bounded by the steps of `Walker`, whatever the text. */
export function readShell(text: string, place: Place = {}): ShellReading {
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
