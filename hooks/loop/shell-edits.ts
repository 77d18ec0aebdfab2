/**
 * The few shell commands whose effect on files can be told from their words: taking changes back, setting them aside and
 * fetching them again, and a substitution by `sed -i`. Everything else that may change files has an unknown effect.
 */
import { readShell } from '../shell.ts';

export type ShellEdit =
  | { does: 'restore'; paths: string[] | 'all' }
  | { does: 'stash' }
  | { does: 'unstash' }
  | { does: 'substitute'; path: string; from: string; to: string };

/** Null when the command is none of these, or more than one. */
export function readShellEdit(command: string): ShellEdit | null {
  const reading = readShell(command);
  if (!reading.ok || reading.commands.length !== 1) return null;
  const [only] = reading.commands;
  if (!only || only.redirects.length > 0 || only.assignments.length > 0 || !only.words.every((word) => word.literal))
    return null;
  const [program, ...words] = only.words.map(({ text }) => text);
  if (program === 'git') return gitEdit(words);
  return program === 'sed' ? substitution(words) : null;
}

function gitEdit(words: readonly string[]): ShellEdit | null {
  const [task, ...rest] = words;
  const operands = rest.filter((word) => !word.startsWith('-'));
  switch (task) {
    case 'stash':
      if (operands[0] === undefined || operands[0] === 'push') return rest.includes('--') ? null : { does: 'stash' };
      return operands[0] === 'pop' || operands[0] === 'apply' ? { does: 'unstash' } : null;
    case 'restore':
      return rest.some((word) => /^(?:-s|--source|-S|--staged|-p)/.test(word)) ? null : restored(operands);
    case 'checkout': {
      const at = rest.indexOf('--');
      if (at >= 0) return rest.slice(0, at).every((word) => word === 'HEAD') ? restored(rest.slice(at + 1)) : null;
      return operands.length === 1 && operands[0] === '.' ? { does: 'restore', paths: 'all' } : null;
    }
    case 'reset':
      return rest.includes('--hard') && operands.every((word) => word === 'HEAD')
        ? { does: 'restore', paths: 'all' }
        : null;
    default:
      return null;
  }
}

function restored(paths: readonly string[]): ShellEdit | null {
  if (paths.length === 0) return null;
  return { does: 'restore', paths: paths.includes('.') ? 'all' : [...paths] };
}

/** One substitution, by its words: made the other way round it is the undoing. */
function substitution(words: readonly string[]): ShellEdit | null {
  if (!words.some((word) => /^(?:-i|--in-place)/.test(word))) return null;
  const [script, path, ...more] = words.filter((word) => !/^-(?!$)/.test(word) && word !== '');
  const found = /^s([/|#,@])((?:\\.|(?!\1)[^\\])+)\1((?:\\.|(?!\1)[^\\])*)\1[gI]*$/.exec(script ?? '');
  if (!found || path === undefined || more.length > 0) return null;
  const plain = (text: string | undefined) => (text ?? '').replace(/\\([./*()[\]{}+?|^$&-])/g, '$1');
  return { does: 'substitute', path, from: plain(found[2]), to: plain(found[3]) };
}
