/** What the shell's own commands change for those after them: folder, variables, and text that they run in the same shell. */
import { join } from 'node:path';
import type { Place, SimpleCommand, Word } from './command.ts';
import type { Input } from './simple.ts';
import type { ShellState } from './state.ts';
import { refuseSubscript, Unreadable } from './unreadable.ts';

/** What a command inherits from where it stands. */
export interface Around extends Input {
  depth: number;
  background?: boolean;
  pipedOutput?: boolean;
  /** The functions that are being called. */
  calling?: readonly string[];
}

/** What the shell's own commands need of the walk. */
interface Walk {
  readonly place: Place;
  text(text: string, state: ShellState, around: Around): void;
  /** False when there is no function of that name. */
  call(name: string, args: readonly Word[], state: ShellState, around: Around): boolean;
  /** A loop or function is left early, as things stand. */
  leave(state: ShellState): void;
}

const KEEPS_ASSIGNMENTS =
  /^(:|\.|source|eval|export|readonly|declare|typeset|local|command|builtin|set|unset|trap|shift|exec|return|times)$/;
const ASSIGNS = /^(export|declare|typeset|local|readonly)$/;
const READS = /^(read|mapfile|readarray|getopts|unset|let|wait|coproc)$/;

export function takeEffect(command: SimpleCommand, state: ShellState, around: Around, walker: Walk): void {
  for (const assignment of command.assignments) refuseSubscript(assignment);
  const [program, ...words] = command.words;
  if (!program?.literal) return;
  const name = program.text.replace(/^\\/, '');
  // For these, what stands before them holds while they run, and in a plain sh after them too.
  if (KEEPS_ASSIGNMENTS.test(name) || state.functions.has(name))
    for (const assignment of command.assignments) state.set(assignment.replace(/=.*$/s, ''), undefined);
  if (ASSIGNS.test(name) || READS.test(name) || name === 'test' || name === '[' || name === 'printf')
    for (const word of words) refuseSubscript(word.text);
  if (walker.call(name, words, state, around)) return;
  if (ASSIGNS.test(name)) {
    // The names that a reference stands for are not followed, nor what an alias begins; a plain sh knows neither word.
    if (words.some((word) => /^-[a-zA-Z]*n/.test(word.text)) && /^(declare|typeset|local)$/.test(name))
      throw new Unreadable('a variable in it stands for another one');
    const unsure = state.posix ? /^(declare|typeset)$/.test(name) : name === 'local' && !around.calling;
    assign(words, state, unsure);
    if (name === 'readonly' || words.some((word) => /^-[a-zA-Z]*[rulci]/.test(word.text)))
      for (const one of namesIn(words)) state.odd.add(one);
    if (around.calling && /^(declare|typeset|local)$/.test(name))
      for (const one of namesIn(words)) state.locals.add(one);
    return;
  }
  if (READS.test(name)) {
    forget(words, state);
    return;
  }
  switch (name) {
    case 'command':
    case 'builtin': {
      const at = words.findIndex((word) => !/^-(p|-)$/.test(word.text));
      if (at < 0 || words[at]?.text.startsWith('-')) return;
      // The function of that name is passed over.
      const bare = state.functions.get(words[at]?.text ?? '') ? 'true' : undefined;
      if (bare === undefined)
        takeEffect({ ...command, assignments: [], words: words.slice(at) }, state, around, walker);
      return;
    }
    case 'cd':
    case 'pushd':
      enter(words, state, walker);
      return;
    case 'popd':
      state.folder = null;
      return;
    case 'mkdir':
      for (const word of words) if (word.literal) state.made.add(join(state.folder ?? '', word.text));
      return;
    case 'eval':
      walker.text(known(words).join(' '), state, around);
      return;
    case 'trap': {
      const action = words.filter((word) => word.text !== '--')[0];
      if (!action || /^(-.*|\d+|)$/.test(action.text)) return;
      walker.text(known([action]).join(' '), state.copy(), around);
      // It runs between the commands that follow, and what it changes holds for them.
      if (words.some((word) => !word.literal || /^(SIG)?(DEBUG|ERR|RETURN|CHLD)$/i.test(word.text)))
        followTrap(action.text, state, around, walker);
      return;
    }
    case 'source':
    case '.':
      source(command, words, state, around, walker);
      return;
    case 'exit':
      state.ended = true;
      return;
    case 'return':
    case 'break':
    case 'continue':
      walker.leave(state.copy());
      state.ended = true;
      return;
    case 'printf':
      if (words[0]?.text === '-v') state.set(words[1]?.text ?? '', undefined);
      return;
    case 'alias':
      if (words.some((word) => /=/.test(word.text) || !word.literal))
        throw new Unreadable('an alias changes what later words mean');
      return;
    case 'shopt':
      if (words.some((word) => word.text === 'lastpipe')) throw new Unreadable('lastpipe changes how pipes work');
      return;
    case 'hash':
      if (words.some((word) => /^-\w*p/.test(word.text))) throw new Unreadable('hash -p gives a program another name');
      return;
    case 'enable':
      if (words.length > 0) throw new Unreadable('enable changes what names mean');
      return;
  }
}

function assign(words: readonly Word[], state: ShellState, unsure: boolean): void {
  const special = unsure || words.some((word) => /^[-+][a-zA-Z]*[inulaAc]/.test(word.text));
  for (const word of words) {
    const found = /^([A-Za-z_]\w*)(\+?)=(.*)$/s.exec(word.text);
    if (!found) continue;
    const [, name = '', append, text = ''] = found;
    const usable = !special && !append && (word.literal || word.glob);
    state.set(name, usable ? { ...word, text } : undefined);
  }
  if (special) forget(words, state);
}

function namesIn(words: readonly Word[]): string[] {
  return words.flatMap(({ text }) => /^[A-Za-z_]\w*/.exec(text)?.[0] ?? []);
}

function forget(words: readonly Word[], state: ShellState): void {
  state.set('REPLY', undefined);
  for (const word of words) {
    const name = /^[A-Za-z_]\w*/.exec(word.text)?.[0];
    if (name) state.set(name, undefined);
    // `read "$name"`: any of them.
    if (!word.literal) for (const any of state.variables.keys()) state.set(any, undefined);
  }
}

function enter(words: readonly Word[], state: ShellState, walker: Walk): void {
  const [target, another] = words.filter((word) => !/^-[LPe@n]+$|^--$/.test(word.text));
  const stays = another !== undefined || words.some((word) => word.text === '-n');
  if (
    stays ||
    !target?.literal ||
    target.text === '-' ||
    /^[+-]\d/.test(target.text) ||
    state.variables.get('CDPATH')
  ) {
    state.folder = null;
    return;
  }
  const before = state.copy();
  const { text } = target;
  const next = text.startsWith('/') ? text : state.folder === null ? null : join(state.folder, text);
  state.folder = next === null ? null : next.replace(/(.)\/+$/, '$1');
  const { isFolder } = walker.place;
  if (state.folder === null || !isFolder || state.made.has(state.folder) || isFolder(state.folder)) return;
  state.failed = before;
}

/** A file is left to the caller, who knows which files may run; a text that is known here is walked here. */
function source(command: SimpleCommand, words: readonly Word[], state: ShellState, around: Around, walker: Walk): void {
  const file = words.find((word) => word.text !== '--');
  if (!file) return;
  const text =
    file.produces !== undefined ? file.produces : file.text === '/dev/stdin' ? knownInput(command) : undefined;
  if (text === null) throw new Unreadable('it runs text that is only known when it runs');
  if (text !== undefined) {
    walker.text(text, state, around);
    return;
  }
  for (const name of state.variables.keys()) if (name !== 'TMPDIR') state.set(name, undefined);
}

/** What a trap changes may have happened or not at each later place; one that changes anything is too much to follow. */
function followTrap(text: string, state: ShellState, around: Around, walker: Walk): void {
  const after = state.copy();
  walker.text(text, after, around);
  for (const [name, value] of after.variables)
    if (value !== state.variables.get(name)) throw new Unreadable('a trap in it changes variables or the folder');
  if (after.folder !== state.folder) throw new Unreadable('a trap in it changes variables or the folder');
}

function knownInput({ stdin, stdinUnknown }: SimpleCommand): string | null {
  return stdinUnknown ? null : (stdin ?? null);
}

function known(words: readonly Word[]): string[] {
  if (words.some((word) => !word.literal)) throw new Unreadable('it runs text that is only known when it runs');
  return words.map((word) => word.text);
}
