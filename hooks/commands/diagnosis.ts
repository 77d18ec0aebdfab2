/** The reading commands that the diagnostician is held to. */

import { programName } from '../shell/program-name.ts';
import { readShell, type SimpleCommand } from '../shell.ts';
import { FIND_ACTS } from '../wrappers/programs.ts';
import { readGit } from '../write-targets/git-words.ts';
import { sedScripts } from './inline-code.ts';
import { readSedScript } from './sed-script.ts';

/** The contract's list, and what a shell needs between them. */
const READERS = /^(rg|ls|cat|head|tail|sed|find|cd|true|:)$/;
const GIT_READERS = /^(grep|log|show|blame|diff)$/;
const STARTS_OR_WRITES = /^(--output(=.*)?|-O.*|--open-files-in-pager.*|--ext-diff|--textconv|--filters)$/;

/** What is wrong with the command for somebody who only reads; undefined when nothing is. */
export function judgeDiagnosis(command: SimpleCommand, name: string, worktree: string): string | undefined {
  const writes = command.redirects.some(
    ({ operator, target }) => operator.includes('>') && !/^\/dev\/(null|stdout|stderr)$/.test(target.text),
  );
  if (writes) return 'the diagnosis changes nothing, and this redirects into a file';
  if (command.words.length === 0) return undefined;
  const words = command.words.slice(1).map((word) => word.text);
  if (words.some((word) => word.includes(`${worktree}/.git`))) return 'the git folder is not part of the diagnosis';
  if (name === 'git') return judgeGitReading(command);
  if (!READERS.test(name)) return `the diagnosis may not run \`${name}\``;
  if (name === 'sed') return sedProblem(command, words);
  if (name === 'find' && words.some((word) => FIND_ACTS.test(word))) return '`find` with actions is not allowed';
  if (name === 'rg' && words.some((word) => /^(--pre|--hostname-bin)/.test(word)))
    return 'this option of rg starts another program';
  return undefined;
}

function judgeGitReading(command: SimpleCommand): string | undefined {
  const git = readGit(command, '');
  const sub = git.sub?.text ?? '';
  if (git.global.some(({ option }) => option !== '-C')) return 'the diagnosis runs git with its usual settings';
  if (!git.sub?.literal || !GIT_READERS.test(sub)) return `the diagnosis may not run \`git ${sub}\``;
  return git.rest.some(({ text }) => STARTS_OR_WRITES.test(text))
    ? 'this option of git writes or starts another program'
    : undefined;
}

function sedProblem(command: SimpleCommand, words: readonly string[]): string | undefined {
  const scripts = sedScripts(command);
  const quiet = words.some((word) => /^(-[a-zA-Z]*n[a-zA-Z]*|--quiet|--silent)$/.test(word));
  const edits = words.some((word) => /^(-[a-zA-Z]*[if]|--in-place|--file)/.test(word));
  const effects = scripts.map((script) => readSedScript(script.text));
  if (
    !quiet ||
    edits ||
    effects.some(({ writes, runs }) => runs || writes.length > 0) ||
    scripts.some((one) => !one.literal)
  )
    return 'only `sed -n` that prints is allowed';
  return undefined;
}

/** The same for a whole command line, used before a fix is open. */
export function judgeDiagnosisText(text: string, folder: string): string | undefined {
  const reading = readShell(text, { folder, toplevel: folder });
  if (!reading.ok) return `the command cannot be read because ${reading.why}`;
  for (const command of reading.commands) {
    const [first] = command.words;
    if (first && !first.literal) return 'its program is only known when it runs';
    const problem = judgeDiagnosis(command, programName(first), folder);
    if (problem) return problem;
  }
  return undefined;
}
