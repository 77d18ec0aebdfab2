/** What a shell would run: the text of `-c`, its standard input, or a file. */
import type { SimpleCommand, Word } from '../shell.ts';

export type ShellInput =
  | { kind: 'text'; text: string }
  | { kind: 'file'; file: Word }
  /** A prompt, or only options such as `--version`. */
  | { kind: 'nothing' }
  | { kind: 'unreadable'; why: string };

const SHELLS = /^(sh|bash|dash|zsh|ksh\d*|mksh|ash|rbash|fish)$/;
const VALUED = /^([-+][oO]|--rcfile|--init-file)$/;
/** What another file descriptor holds is not followed. */
const OTHER_INPUT = /^\/(dev\/fd\/(?!0$)|proc\/)/;
const NOT_KNOWN = 'a shell in it runs text that is only known when it runs';

/** Undefined when the program is no shell. */
export function shellInput(command: SimpleCommand, program: string): ShellInput | undefined {
  const multi = /^(busybox|toybox)$/.test(program) && SHELLS.test(command.words[1]?.text ?? '');
  const sources = program === 'source' || program === '.';
  if (!SHELLS.test(program) && !multi && !sources) return undefined;
  const words = command.words.slice(multi ? 2 : 1);
  let at = 0;
  let takesText = false;
  let readsInput = false;
  for (; !sources && at < words.length; at++) {
    const word = words[at];
    if (!word || !/^[-+]./.test(word.text)) break;
    if (!word.literal) return { kind: 'unreadable', why: NOT_KNOWN };
    if (word.text === '--') {
      at++;
      break;
    }
    if (/^(--rcfile|--init-file)$/.test(word.text))
      return { kind: 'unreadable', why: 'a shell in it reads another start file' };
    if (VALUED.test(word.text)) at++;
    else if (/^-[a-zA-Z]*c/.test(word.text)) takesText = true;
    else if (/^-[a-zA-Z]*s/.test(word.text)) readsInput = true;
  }
  const operand = words[at];
  if (OTHER_INPUT.test(operand?.text ?? '') && operand?.produces === undefined)
    return { kind: 'unreadable', why: NOT_KNOWN };
  if (takesText) {
    if (!operand) return { kind: 'nothing' };
    return operand.literal ? { kind: 'text', text: operand.text } : { kind: 'unreadable', why: NOT_KNOWN };
  }
  if (operand && !readsInput && operand.text !== '-' && !/^\/dev\/(stdin|fd\/0)$/.test(operand.text)) {
    // What `source` runs of a substitution was read with the rest: it runs in the same shell.
    if (operand.produces !== undefined && sources) return { kind: 'nothing' };
    if (typeof operand.produces === 'string') return { kind: 'text', text: operand.produces };
    if (operand.produces === null) return { kind: 'unreadable', why: NOT_KNOWN };
    return operand.literal ? { kind: 'file', file: operand } : { kind: 'unreadable', why: NOT_KNOWN };
  }
  return sources ? { kind: 'nothing' } : fromInput(command);
}

function fromInput(command: SimpleCommand): ShellInput {
  if (command.stdin !== undefined && !command.stdinUnknown) return { kind: 'text', text: command.stdin };
  if (command.stdin !== undefined || command.pipedInput) return { kind: 'unreadable', why: NOT_KNOWN };
  const file = command.redirects.findLast((redirect) => redirect.operator === '<')?.target;
  if (!file) return { kind: 'nothing' };
  if (typeof file.produces === 'string') return { kind: 'text', text: file.produces };
  if (!file.literal || file.produces === null) return { kind: 'unreadable', why: NOT_KNOWN };
  return file.text === '/dev/null' ? { kind: 'nothing' } : { kind: 'file', file };
}
