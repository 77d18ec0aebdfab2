/**
 * Programs that run another command: what they would run, so that it is judged in their place. In doubt every word that
 * could begin a command is taken for one; where a doubt must not deny, `waiting/prefixes.ts` takes the likeliest alone.
 */

import { programName } from './shell/program-name.ts';
import { TooLarge, Unreadable } from './shell/unreadable.ts';
import { type Place, readShell, type SimpleCommand, type Word } from './shell.ts';
import { find, launched, parallel, suffixes, xargs } from './wrappers/launched.ts';
import { PREFIXES, textsIn } from './wrappers/programs.ts';
import { shellInput } from './wrappers/shells.ts';

/** A file that would be run as a shell script. */
export interface Script {
  file: Word;
  folder: string | null;
  /** The program itself is the file: it is a shell script only when its first line says so. */
  direct: boolean;
}

export interface Unwrapped {
  /** What is run in the end. */
  commands: SimpleCommand[];
  /** What ran it. */
  wrappers: SimpleCommand[];
  scripts: Script[];
}

/** Far above what is ever written; they bound the work that a hostile text can ask for. */
const MAX_DEPTH = 12;
const MAX_COMMANDS = 20_000;
/** Characters of nested texts, all told. */
const MAX_CHARACTERS = 2_000_000;

/** Replaces the wrappers of one Bash call by what they run, as deep as they go; the bounds hold for the whole call. */
export class Unwrapper {
  private readonly place: Place;
  private characters = 0;
  private count = 0;

  constructor(place: Place) {
    this.place = place;
  }

  unwrap(command: SimpleCommand): Unwrapped | { unreadable: string } {
    const found: Unwrapped = { commands: [], wrappers: [], scripts: [] };
    try {
      this.into(found, command, 0);
    } catch (error) {
      if (error instanceof Unreadable) return { unreadable: error.message };
      throw error;
    }
    return found;
  }

  private into(found: Unwrapped, command: SimpleCommand, depth: number): void {
    if (depth > MAX_DEPTH || ++this.count > MAX_COMMANDS) throw new Unreadable('it is wrapped too deeply');
    const name = programName(command.words[0]);
    if (/^=./.test(name)) throw new Unreadable('zsh would run the program behind the `=`');
    const shell = shellInput(command, name);
    if (shell) {
      if (shell.kind === 'unreadable') throw new Unreadable(shell.why);
      found.wrappers.push(command);
      this.asOuter(found, command);
      if (shell.kind === 'text') this.text(found, shell.text, command, depth);
      if (shell.kind === 'file') found.scripts.push({ file: shell.file, folder: folderOf(command), direct: false });
      return;
    }
    if (command.words[0]?.literal && /\//.test(command.words[0].text))
      found.scripts.push({ file: command.words[0], folder: folderOf(command), direct: true });
    for (const text of textsIn(command, name)) {
      if (!text.literal) throw new Unreadable('it runs text that is only known when it runs');
      this.text(found, text.text, command, depth);
    }
    const inner = this.inner(command, name);
    if (!inner) {
      found.commands.push(command);
      return;
    }
    found.wrappers.push(command);
    if (!inner.keepsOuter) this.asOuter(found, command);
    for (const one of inner.commands) this.into(found, one, depth + 1);
    if (inner.keepsOuter) found.commands.push(inner.keepsOuter);
  }

  private inner(
    command: SimpleCommand,
    name: string,
  ): { commands: SimpleCommand[]; keepsOuter?: SimpleCommand } | undefined {
    if (name === 'find') return find(command);
    if (name === 'xargs') return { commands: xargs(command) };
    if (name === 'parallel') return { commands: parallel(command) };
    const prefix = PREFIXES[name];
    if (prefix) return { commands: suffixes(command, name, prefix) };
    const commands = launched(command, name);
    return commands && { commands, keepsOuter: command };
  }

  /** The wrapper's own redirections and variables are judged once, without its words. */
  private asOuter(found: Unwrapped, command: SimpleCommand): void {
    if (command.redirects.length > 0 || command.assignments.length > 0) found.commands.push({ ...command, words: [] });
  }

  private text(found: Unwrapped, text: string, outer: SimpleCommand, depth: number): void {
    this.characters += text.length;
    if (this.characters > MAX_CHARACTERS) throw new TooLarge();
    const posix = !/^(bash|zsh|ksh\d*)$/.test(programName(outer.words[0]));
    const reading = readShell(text, { ...this.place, folder: folderOf(outer), posix });
    if (!reading.ok) throw new Unreadable(reading.why);
    for (const inner of reading.commands) {
      const inherited: SimpleCommand = {
        ...inner,
        assignments: [...outer.assignments, ...inner.assignments],
        ...(outer.timed && { timed: true }),
        ...(outer.background && { background: true }),
        ...(outer.elsewhere && { elsewhere: true }),
      };
      this.into(found, inherited, depth + 1);
    }
  }
}

function folderOf(command: SimpleCommand): string | null {
  return command.folder === undefined ? '' : command.folder;
}
