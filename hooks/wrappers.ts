/** Programs that run another command: what they would run, so that it is judged in their place. */
import { readShell, type SimpleCommand, type Word } from './shell.ts';

export type Unwrapped = { commands: SimpleCommand[] } | { unreadable: string };

const SHELLS = new Set(['sh', 'bash', 'dash', 'zsh', 'ksh', 'ash', 'busybox']);
/** Wrapper → its options that take a value of their own. */
const PREFIXES: Record<string, string[]> = {
  env: ['-u', '--unset', '-C', '--chdir', '-S', '--split-string'],
  sudo: ['-u', '-g', '-h', '-p', '-C', '-D', '-R', '-T', '-U'],
  doas: ['-u', '-C'],
  command: [],
  builtin: [],
  exec: ['-a'],
  nohup: [],
  nice: ['-n', '--adjustment'],
  ionice: ['-c', '-n', '-p'],
  timeout: ['-k', '--kill-after', '-s', '--signal'],
  time: ['-f', '-o'],
  stdbuf: ['-i', '-o', '-e'],
  setsid: [],
  xargs: ['-I', '-n', '-P', '-L', '-d', '-E', '-s', '-a', '--arg-file'],
  chroot: [],
  unshare: [],
  watch: ['-n', '--interval'],
  strace: ['-e', '-o'],
};

/** The name a program is called by, without its folder. */
export function programName(word: Word | undefined): string {
  return (word?.text ?? '').replace(/^.*\//, '');
}

/** Replaces wrappers by what they run, as deep as they go. */
export function unwrap(command: SimpleCommand, depth = 0): Unwrapped {
  if (depth > 8) return { unreadable: 'it is wrapped too deeply' };
  const name = programName(command.words[0]);
  if (name === 'eval') return nested(command.words.slice(1), command, depth);
  if (SHELLS.has(name)) return shell(command, depth);
  if (name === 'find') return find(command, depth);
  const valued = PREFIXES[name];
  if (!valued) return { commands: [command] };
  let at = 1;
  const assignments = [...command.assignments];
  for (; at < command.words.length; at++) {
    const text = command.words[at]?.text ?? '';
    if (name === 'env' && /^(-S|--split-string)/.test(text))
      return { unreadable: 'it splits a string into a command (env -S)' };
    if (valued.includes(text)) at++;
    else if (name === 'env' && /^[A-Za-z_][A-Za-z0-9_]*=/.test(text)) assignments.push(text);
    else if (!text.startsWith('-')) break;
  }
  // `timeout 5 cmd`, `chroot DIR cmd`: one operand of its own comes first.
  if (name === 'timeout' || name === 'chroot') at++;
  const words = command.words.slice(at);
  if (words.length === 0) return { commands: [{ ...command, assignments }] };
  return unwrap({ ...command, assignments, words }, depth + 1);
}

function nested(words: Word[], outer: SimpleCommand, depth: number): Unwrapped {
  if (words.some((word) => !word.literal)) return { unreadable: 'it runs text that is only known when it runs' };
  return read(words.map((word) => word.text).join(' '), outer, depth);
}

function read(text: string, outer: SimpleCommand, depth: number): Unwrapped {
  const reading = readShell(text);
  if (!reading.ok) return { unreadable: reading.why };
  const commands: SimpleCommand[] = [{ ...outer, words: [] }];
  for (const inner of reading.commands) {
    const unwrapped = unwrap({ ...inner, assignments: [...outer.assignments, ...inner.assignments] }, depth + 1);
    if ('unreadable' in unwrapped) return unwrapped;
    commands.push(...unwrapped.commands);
  }
  return { commands };
}

/** `sh -c TEXT`, `sh <<EOF`, `sh FILE`. */
function shell(command: SimpleCommand, depth: number): Unwrapped {
  const words = command.words.slice(1);
  const flag = words.findIndex((word) => /^-[a-zA-Z]*c[a-zA-Z]*$/.test(word.text));
  if (flag >= 0) {
    const script = words.slice(flag + 1).find((word) => !word.text.startsWith('-'));
    return script ? nested([script], command, depth) : { commands: [command] };
  }
  if (command.stdin !== undefined) return read(command.stdin, command, depth);
  return { commands: [command] };
}

/** `find … -exec CMD {} ;`: both the find and what it runs. */
function find(command: SimpleCommand, depth: number): Unwrapped {
  const start = command.words.findIndex((word) => /^-(exec|execdir|ok|okdir)$/.test(word.text));
  if (start < 0) return { commands: [command] };
  const rest = command.words.slice(start + 1);
  const end = rest.findIndex((word) => word.text === ';' || word.text === '+');
  const inner = unwrap({ ...command, words: end < 0 ? rest : rest.slice(0, end), redirects: [] }, depth + 1);
  if ('unreadable' in inner) return inner;
  return { commands: [{ ...command, words: command.words.slice(0, start) }, ...inner.commands] };
}
