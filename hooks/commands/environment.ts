/** Variables that change what other programs do, or run something themselves. */

import type { Denial } from '../rules.ts';
import type { SimpleCommand } from '../shell.ts';
import { clip, denial } from './policy.ts';

const RUNS_SOMETHING =
  /^(GIT_\w+|LD_\w+|DYLD_\w+|NODE_OPTIONS|NODE_PATH|PYTHONSTARTUP|PYTHONHOME|PERL5OPT|PERL5LIB|RUBYOPT|RUBYLIB|BASH_(?!VERSION)\w+|ENV|PATH|SHELL|SHELLOPTS|BASHOPTS|PS[0-4]|PROMPT_COMMAND|EDITOR|VISUAL|PAGER|MANPAGER|BROWSER|LESSOPEN|LESSCLOSE|SSH_ASKPASS|SUDO_ASKPASS|CDPATH|GCONV_PATH|SELF_HEALING_\w+|CLAUDE\w*|HOME|XDG_CONFIG_HOME|npm_config_\w+|NPM_CONFIG_\w+)=/;

/** `NAME=value` that only makes a program quieter, and starts nothing. */
const HARMLESS: readonly RegExp[] = [
  /^(GIT_PAGER|PAGER|MANPAGER)=(cat|less|)$/,
  /^(GIT_EDITOR|GIT_SEQUENCE_EDITOR|EDITOR|VISUAL)=(true|:|cat)$/,
  /^(GIT_TERMINAL_PROMPT|GIT_OPTIONAL_LOCKS|GIT_ADVICE|GIT_TRACE)=[01]$/,
  /^GIT_(AUTHOR|COMMITTER)_(NAME|EMAIL|DATE)=[^$`]*$/,
  /^NODE_OPTIONS=(\s*--(max-old-space-size=\d+|experimental-[\w-]+|no-[\w-]+|trace-[\w-]+|enable-source-maps|unhandled-rejections=\w+|test-[\w-]+|inspect))*\s*$/,
  /^BROWSER=(none|true|)$/i,
  /^(npm_config|NPM_CONFIG)_(loglevel|LOGLEVEL|yes|YES|offline|OFFLINE|fund|FUND|audit|AUDIT|color|COLOR|progress|PROGRESS|update_notifier|UPDATE_NOTIFIER|cache|CACHE)=[^$`]*$/,
];

export function judgeEnvironment(command: SimpleCommand, name: string, worktree: string): Denial | undefined {
  const exported = /^(export|declare|typeset|readonly|local)$/.test(name)
    ? command.words.slice(1).map((word) => word.text)
    : [];
  const problem = [...command.assignments, ...exported].find(
    (one) => RUNS_SOMETHING.test(one) && !harmless(one, worktree),
  );
  if (problem === undefined) return undefined;
  return denial(
    'command.environment',
    `setting ${clip(problem.split('=')[0] ?? '')} changes what other programs do`,
    'Run the command without it.',
  );
}

function harmless(assignment: string, worktree: string): boolean {
  if (HARMLESS.some((one) => one.test(assignment))) return true;
  if (!assignment.startsWith('PATH=')) return false;
  // The project's own tools before the usual ones.
  return assignment
    .slice('PATH='.length)
    .split(':')
    .every((entry) => {
      const own = entry.replace(/^("?\$\(pwd\)"?|\$PWD|\$\{PWD\}|\.)\//, '').replace(`${worktree}/`, '');
      return (
        /^(\$PATH|\$\{PATH\}|\/usr(\/local)?\/s?bin|\/s?bin)$/.test(entry) ||
        /^([\w-]+\/)*(node_modules\/\.bin|\.?venv\/bin|vendor\/bin)$/.test(own)
      );
    });
}
