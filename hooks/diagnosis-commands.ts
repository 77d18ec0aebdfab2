/** The reading commands that the diagnostician is held to. */
import { readShell, type SimpleCommand } from './shell.ts';
import { programName } from './wrappers.ts';

const READERS = new Set(['rg', 'ls', 'cat', 'head', 'tail', 'sed', 'find', 'cd']);
const GIT_READERS = new Set(['grep', 'log', 'show', 'blame', 'diff']);

/** What is wrong with the command for somebody who only reads; undefined when nothing is. */
export function judgeDiagnosis(command: SimpleCommand, name: string, worktree: string): string | undefined {
  if (
    command.redirects.some(
      (redirect) => redirect.operator.includes('>') && !/^(\/dev\/null|&?[12])$/.test(redirect.target.text),
    )
  )
    return 'the diagnosis changes nothing, and this redirects into a file';
  if (command.words.length === 0) return undefined;
  const words = command.words.slice(1).map((word) => word.text);
  if (name === 'git') {
    const sub = words.find((word, index) => !word.startsWith('-') && words[index - 1] !== '-C');
    if (!sub || !GIT_READERS.has(sub)) return `the diagnosis may not run \`git ${sub ?? ''}\``;
    if (words.some((word) => /^(--output|-O|--open-files-in-pager|--ext-diff|--textconv)/.test(word)))
      return 'this option of git writes or starts another program';
    return undefined;
  }
  if (!READERS.has(name)) return `the diagnosis may not run \`${name}\``;
  if (
    name === 'sed' &&
    (!words.some((word) => /^-[a-zA-Z]*n/.test(word)) ||
      words.some((word) => /^(-[a-zA-Z]*i|--in-place)/.test(word) || /(^|[;\d$/}])\s*[weW]\s/.test(word)))
  )
    return 'only `sed -n` that prints is allowed';
  if (name === 'find' && words.some((word) => /^-(delete|exec|execdir|ok|okdir|fprint|fprintf|fls)/.test(word)))
    return '`find` with actions is not allowed';
  if (name === 'rg' && words.some((word) => /^(--pre|--hostname-bin)/.test(word)))
    return 'this option of rg starts another program';
  return words.some((word) => word.includes(`${worktree}/.git`))
    ? 'the git folder is not part of the diagnosis'
    : undefined;
}

/** The same for a whole command line, used before a fix is open. */
export function judgeDiagnosisText(text: string, folder: string): string | undefined {
  const reading = readShell(text);
  if (!reading.ok) return `the command cannot be read because ${reading.why}`;
  for (const command of reading.commands) {
    const problem = judgeDiagnosis(command, programName(command.words[0]), folder);
    if (problem) return problem;
  }
  return undefined;
}
