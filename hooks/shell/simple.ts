/** One simple command of the source: its words, assignments and redirections with their values. */
import type { Assignment, Command, Redirection } from 'unbash';
import type { Redirect, SimpleCommand, Word } from './command.ts';
import type { ShellState } from './state.ts';
import { Unreadable } from './unreadable.ts';
import { expandWord, type Substituting, wholeValue, wholeValueOf } from './words.ts';

/** What a command finds on its standard input. */
export interface Input {
  stdin?: string | undefined;
  /** `stdin` holds parts that are only known at run time. */
  stdinUnknown?: boolean;
  pipedInput?: boolean;
}

interface Around extends Input {
  background?: boolean;
  pipedOutput?: boolean;
}

const DECLARING = /^(export|declare|typeset|local|readonly|alias)$/;

export function readSimple(node: Command, state: ShellState, run: Substituting, around: Around): SimpleCommand {
  const name = node.name ? expandWord(node.name, state, run) : [];
  const declares = DECLARING.test(name[0]?.text ?? '');
  const words = [...name];
  for (const argument of node.args) {
    if (argument.type === 'Word') words.push(...expandWord(argument, state, run));
    else words.push(...assignmentWords(argument, state, run, declares));
  }
  const { redirects, input } = redirectsOf(node.redirects, state, run);
  const assignments: string[] = [];
  for (const part of node.prefix) {
    if (part.type !== 'Assignment') continue;
    const value = assigned(part, state, run);
    assignments.push(`${part.name}=${value.text}`);
    if (!node.name) state.set(part.name, value.literal || value.glob ? value : undefined);
  }
  const { stdin, stdinUnknown, pipedInput } = { ...around, ...input };
  return {
    assignments,
    words,
    redirects,
    folder: state.folder,
    ...(stdin !== undefined && { stdin }),
    ...(stdinUnknown && { stdinUnknown }),
    ...(pipedInput && { pipedInput }),
    ...(around.pipedOutput && { pipedOutput: true }),
    ...(around.background && { background: true }),
  };
}

/** The value a variable gets; unknown for arrays and single elements. */
function assigned(node: Assignment, state: ShellState, run: Substituting): Word {
  if (node.index) wholeValue(node.index, state, run);
  if (node.value.type === 'ArrayValue') {
    for (const element of node.value.elements) expandWord(element, state, run);
    return { text: node.text.slice(node.name.length + 1), literal: false };
  }
  const value = wholeValue(node.value, state, run);
  if (node.index) return { text: value.text, literal: false };
  if (!node.append) return value;
  // A plain sh takes `a+=b` for the name of a program.
  if (state.posix) return { ...value, literal: false };
  const before = state.variables.get(node.name);
  return before
    ? { text: before.text + value.text, literal: before.literal && value.literal }
    : { ...value, literal: false };
}

/** `NAME=value` behind the program: one word for `export`, but for any other program the shell splits it like a word. */
function assignmentWords(node: Assignment, state: ShellState, run: Substituting, declares: boolean): Word[] {
  const head = `${node.name}${node.append ? '+' : ''}=`;
  if (node.index || node.value.type === 'ArrayValue') {
    assigned(node, state, run);
    return [{ text: node.text, literal: false }];
  }
  const values = declares ? [wholeValue(node.value, state, run)] : expandWord(node.value, state, run);
  const [first, ...others] = values;
  return [first ? { ...first, text: head + first.text } : { text: head, literal: true }, ...others];
}

export function redirectsOf(
  nodes: readonly Redirection[],
  state: ShellState,
  run: Substituting,
): { redirects: Redirect[]; input: Input } {
  const redirects: Redirect[] = [];
  let input: Input = {};
  for (const node of nodes) {
    if (node.type === 'HereDoc') {
      if (!node.closing) throw new Unreadable('a here-document has no end');
      const body = node.body.parts
        ? wholeValueOf(node.body.parts, state, run)
        : { text: node.body.text, literal: true };
      const text = node.operator === '<<-' ? body.text.replace(/^\t+/gm, '') : body.text;
      input = { stdin: text, stdinUnknown: !body.literal, pipedInput: false };
      continue;
    }
    if (!node.target) throw new Unreadable('a redirection has no target');
    if (node.type === 'HereString') {
      const value = wholeValue(node.target, state, run);
      input = { stdin: `${value.text}\n`, stdinUnknown: !value.literal, pipedInput: false };
      continue;
    }
    const [target = { text: '', literal: true }, more] = expandWord(node.target, state, run);
    if (more) throw new Unreadable('a redirection has more than one target');
    if (node.operator.endsWith('&') && /^(\d+-?|-)$/.test(target.text)) continue;
    redirects.push({ operator: node.operator, target });
    if (node.operator === '<') input = { stdin: undefined, pipedInput: false };
  }
  return { redirects, input };
}
