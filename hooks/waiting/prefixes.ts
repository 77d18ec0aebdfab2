/**
 * What a command runs in the end, for the question whether it waits: without `env`, `timeout`, `nohup`, and inside
 * `sh -c`. Unlike `wrappers.ts`, which for safety takes every word that could begin a command for one, this takes the one
 * that does, and keeps its input: here a doubt must not become a false alarm.
 */
import { programName } from '../shell/program-name.ts';
import { readShell, type SimpleCommand } from '../shell.ts';
import { PREFIXES, type Prefix } from '../wrappers/programs.ts';

/** A short list of those that `wrappers.ts` knows: the ones that leave their command what it reads, and where it prints. */
const NAMES =
  'env cross-env timeout gtimeout sudo doas nohup setsid command builtin exec nice ionice time stdbuf caffeinate'.split(
    ' ',
  );
const CLEAR = new Map(NAMES.map((name) => [name, PREFIXES[name] ?? {}]));
const SHELL = /^(ba|z|da|k|a)?sh$/;
/** Wrappers in wrappers: nobody who means to wait for something writes more. */
const MAX_DEPTH = 4;

/** The command itself, and what it runs; never empty. */
export function withInner(command: SimpleCommand, depth = 0): SimpleCommand[] {
  const name = programName(command.words[0]);
  if (depth >= MAX_DEPTH) return [command];
  const prefix = CLEAR.get(name);
  if (prefix) {
    const inner = behind(command, name, prefix);
    return inner ? [command, ...withInner(inner, depth + 1)] : [command];
  }
  if (SHELL.test(name) || name === 'eval') {
    const text =
      name === 'eval'
        ? command.words
            .slice(1)
            .map((word) => word.text)
            .join(' ')
        : shellText(command);
    const reading = text === undefined ? undefined : readShell(text);
    if (reading?.ok)
      return [command, ...reading.commands.flatMap((inner) => withInner({ ...around(command), ...inner }, depth + 1))];
  }
  return [command];
}

function behind(
  command: SimpleCommand,
  name: string,
  { valued = [], operands = 0 }: Prefix,
): SimpleCommand | undefined {
  const { words } = command;
  // `command -v node` asks where a program is.
  if (name === 'command' && /^-[pvV]*[vV]/.test(words[1]?.text ?? '')) return undefined;
  const assignments = [...command.assignments];
  let own = operands;
  // `timeout 0` never ends anything.
  let timed = /timeout$/.test(name);
  let at = 1;
  for (; at < words.length; at++) {
    const text = words[at]?.text ?? '';
    if (valued.includes(text)) at++;
    else if (/^[A-Za-z_]\w*=/.test(text)) assignments.push(text);
    else if (text.startsWith('-')) continue;
    else if (own-- > 0) timed &&= !/^0+(\.0+)?[smhd]?$/.test(text);
    else break;
  }
  if (at >= words.length) return undefined;
  return { ...command, assignments, words: words.slice(at), ...(timed && { timed: true }) };
}

function shellText(command: SimpleCommand): string | undefined {
  const at = command.words.findIndex((word, index) => index > 0 && /^-[a-zA-Z]*c$/.test(word.text));
  const word = at > 0 ? command.words[at + 1] : undefined;
  return word?.literal ? word.text : undefined;
}

/** What holds for everything that a shell runs: its input, and what ends it. */
function around({ stdin, stdinUnknown, pipedInput, pipedOutput, background, timed, redirects }: SimpleCommand) {
  const input = pipedInput || stdinUnknown || stdin !== undefined || redirects.some(({ operator }) => operator === '<');
  return {
    ...(input && { pipedInput: true }),
    ...(pipedOutput && { pipedOutput }),
    ...(background && { background }),
    ...(timed && { timed }),
  };
}
