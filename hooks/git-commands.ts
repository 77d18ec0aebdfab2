/** What a healing agent may do with git: everything inside its worktree; nothing that is shared with the main checkout or leaves the machine. */
import { resolve } from 'node:path';
import type { SimpleCommand } from './shell.ts';

export interface GitDenial {
  rule: 'command.publish' | 'command.git' | 'scope.outside_worktree';
  reason: string;
}

const GLOBAL_WITH_VALUE = new Set([
  '-C',
  '-c',
  '--git-dir',
  '--work-tree',
  '--namespace',
  '--exec-path',
  '--config-env',
  '--super-prefix',
  '--attr-source',
]);
const HARMLESS_SETTING =
  /^(user\.(name|email)|color\.\w+|core\.(pager|quotepath)|advice\.\w+|diff\.\w+|log\.\w+|pager\.\w+|commit\.gpgsign)=/i;
const PUBLISHING = new Set(['push', 'send-email', 'send-pack', 'http-push', 'request-pull', 'subtree', 'svn', 'p4']);
const SHARED = new Set([
  'remote',
  'worktree',
  'update-ref',
  'symbolic-ref',
  'stash',
  'tag',
  'notes',
  'replace',
  'gc',
  'prune',
  'filter-branch',
  'reflog',
  'hook',
  'maintenance',
  'pack-refs',
  'pull',
  'fetch',
  'init',
  'clone',
  'submodule',
  'bundle',
  'daemon',
  'credential',
  'fast-import',
  'update-index',
  'sparse-checkout',
]);
const READ_ONLY: Record<string, RegExp> = {
  remote: /^(-v|--verbose|show|get-url)?$/,
  worktree: /^list$/,
  stash: /^(list|show)$/,
  tag: /^(-l|--list|--contains)?$/,
  notes: /^(list|show)$/,
  reflog: /^(show)?$/,
  submodule: /^(status|summary)?$/,
};

/** Undefined when the git command may run. */
export function judgeGit(command: SimpleCommand, worktree: string, cwd: string): GitDenial | undefined {
  const setting = command.assignments.find((assignment) => /^GIT_/.test(assignment));
  if (setting)
    return deny(
      'command.git',
      `setting ${setting.split('=')[0]} for git is not allowed in a healing run`,
      'Run plain git inside the worktree.',
    );
  const words = command.words.slice(1).map((word) => word.text);
  let at = 0;
  for (; at < words.length && words[at]?.startsWith('-'); at++) {
    const [option = '', attached] = (words[at] ?? '').split(/=(.*)/s);
    if (!GLOBAL_WITH_VALUE.has(option)) continue;
    const value = attached ?? words[++at] ?? '';
    if (option === '-c') {
      if (!HARMLESS_SETTING.test(value))
        return deny('command.git', `git -c ${value} changes how git works`, 'Run plain git inside the worktree.');
    } else if (option === '-C' || option === '--git-dir' || option === '--work-tree') {
      const path = resolve(cwd, value);
      if (option === '--git-dir' || (path !== worktree && !path.startsWith(`${worktree}/`)))
        return deny(
          'scope.outside_worktree',
          `git ${option} ${value} works outside the worktree`,
          `Work in ${worktree} only.`,
        );
    } else {
      return deny('command.git', `git ${option} is not allowed in a healing run`, 'Run plain git inside the worktree.');
    }
  }
  const sub = words[at] ?? '';
  const rest = words.slice(at + 1);
  if (PUBLISHING.has(sub))
    return deny(
      'command.publish',
      `git ${sub} publishes around the gate`,
      'Call propose_pr once verify_fix answers pass.',
    );
  if (SHARED.has(sub) && !READ_ONLY[sub]?.test(rest[0] ?? ''))
    return deny(
      'command.git',
      `git ${sub} changes what the worktree shares with the main checkout`,
      sub === 'stash'
        ? 'Save work with `git diff > "$TMPDIR/work.patch"` instead.'
        : 'Change files in the worktree; propose_pr publishes.',
    );
  if (sub === 'config' && !rest.some((word) => /^(--get|--get-all|--get-regexp|--list|-l|get|list)$/.test(word)))
    return deny('command.git', 'git config writes the shared configuration', 'Leave the configuration as it is.');
  if (makesBranch(sub, rest))
    return deny(
      'command.git',
      `git ${sub} would create or move a branch shared with the main checkout`,
      'Stay on the detached worktree; propose_pr makes the branch.',
    );
  return undefined;
}

function makesBranch(sub: string, rest: string[]): boolean {
  if (sub === 'branch')
    return rest.some(
      (word) =>
        !/^(-a|-r|-v|-vv|--list|--show-current|--contains|--all|--remotes|--merged|--no-merged|--format=.*|--sort=.*)$/.test(
          word,
        ),
    );
  if (sub === 'checkout') return rest.some((word) => /^(-b|-B|--orphan|-t|--track)/.test(word));
  if (sub === 'switch') return rest.some((word) => /^(-c|-C|--create|--force-create|--orphan|-t|--track)/.test(word));
  return false;
}

function deny(rule: GitDenial['rule'], what: string, next: string): GitDenial {
  return { rule, reason: `Denied: ${what}. ${next}` };
}
