/** What a healing agent may do with git: everything inside its worktree; nothing that is shared with the main checkout or leaves the machine. */

import type { Denial } from '../rules.ts';
import { isInside, realTarget, UnknownTarget } from '../scope/real-target.ts';
import type { SimpleCommand, Word } from '../shell.ts';
import { readGit } from '../write-targets/git-words.ts';
import { clip, denial } from './policy.ts';

const HARMLESS_SETTING =
  /^(user\.(name|email)|color\.[\w.]+|core\.(quotepath|abbrev|autocrlf|whitespace)|advice\.\w+|diff\.(renames|renamelimit|context|algorithm|noprefix|mnemonicprefix|colormoved|wserrorhighlight|interhunkcontext|statgraphwidth)|log\.(date|decorate|abbrevcommit|follow|showsignature)|blame\.\w+|grep\.\w+|commit\.gpgsign|tag\.gpgsign|safe\.directory|gc\.auto|init\.defaultbranch|merge\.conflictstyle|status\.\w+|column\.\w+)=|^(core\.pager|pager\.\w+)=(cat|less|false|)$/i;
const PUBLISHING =
  /^(push|send-email|send-pack|http-push|request-pull|subtree|svn|p4|imap-send|cvsexportcommit|lfs|annex|review|upload-pack|receive-pack|upload-archive)$/;
const SHARED =
  /^(remote|worktree|update-ref|symbolic-ref|stash|tag|notes|replace|gc|prune|prune-packed|repack|filter-branch|filter-repo|reflog|hook|maintenance|pack-refs|pack-objects|unpack-objects|index-pack|pull|fetch|fetch-pack|init|clone|submodule|bundle|daemon|instaweb|credential|credential-\w+|fast-import|update-index|update-server-info|sparse-checkout|read-tree|checkout-index|rerere|scalar|fsmonitor--daemon|mktag|mktree|hash-object|commit-tree|multi-pack-index|commit-graph|refs|backfill|http-backend|shell|citool|gui|gitk)$/;
const READ_ONLY: Readonly<Record<string, RegExp>> = {
  remote: /^(-v|--verbose|show|get-url)?$/,
  worktree: /^list$/,
  stash: /^(list|show)$/,
  tag: /^(-l|--list|--contains|-n\d*|--points-at|--sort=.*|--merged)?$/,
  notes: /^(list|show)$/,
  reflog: /^(show|HEAD.*|--.*|-\d+|-n)?$/,
  submodule: /^(status|summary)?$/,
  'symbolic-ref': /^(--short|-q|HEAD)$/,
  bundle: /^(verify|list-heads)$/,
  'hash-object': /^(?!-w)/,
  refs: /^(list|verify|exists)$/,
};
const LOCAL =
  /^(add|am|annotate|apply|archive|bisect|blame|branch|cat-file|check-attr|check-ignore|check-mailmap|check-ref-format|checkout|cherry|cherry-pick|clean|column|commit|config|count-objects|describe|diff|diff-files|diff-index|diff-tree|difftool|fast-export|fmt-merge-msg|for-each-ref|format-patch|fsck|get-tar-commit-id|grep|help|interpret-trailers|log|ls-files|ls-remote|ls-tree|merge|merge-base|merge-file|merge-tree|mergetool|mv|name-rev|patch-id|range-diff|rebase|reset|restore|rev-list|rev-parse|revert|rm|shortlog|show|show-branch|show-index|show-ref|status|stripspace|switch|var|verify-commit|verify-pack|verify-tag|version|whatchanged|write-tree)$/;
/** Changes nothing where it runs; what is not on this list stays in the worktree. */
const ONLY_LOOKS =
  /^(|annotate|blame|cat-file|check-attr|check-ignore|check-mailmap|check-ref-format|cherry|column|config|count-objects|describe|diff|diff-files|diff-index|diff-tree|fast-export|for-each-ref|fsck|get-tar-commit-id|grep|help|log|ls-files|ls-remote|ls-tree|merge-base|merge-tree|name-rev|patch-id|range-diff|rev-list|rev-parse|shortlog|show|show-branch|show-index|show-ref|status|stripspace|var|verify-commit|verify-pack|verify-tag|version|whatchanged)$/;
/** Take whole commits over: which files they change is not told by the command. */
const WHOLE_COMMITS = /^(merge|cherry-pick|revert|am|rebase|bisect)$/;
const TAKES_BACK = /^(--abort|--quit|--skip|--show-current-patch|log|reset|terms|view|visualize)$/;
const PLAIN_GIT = 'Run plain git inside the worktree.';

/** Undefined when the git command may run. `folder` is where it runs; null when that is not known. */
export function judgeGit(command: SimpleCommand, worktree: string, folder: string | null): Denial | undefined {
  const git = readGit(command, folder);
  if (git.sub?.literal && PUBLISHING.test(git.sub.text)) return published(git.sub.text);
  for (const { option, value } of git.global) {
    const problem = judgeGlobal(option, value, worktree, git.folder);
    if (problem) return problem;
  }
  if (git.folder === null)
    return denial(
      'scope.unknown_path',
      'git would work in a folder that is only known when it runs',
      `Write the folder plainly; you work in ${worktree}.`,
    );
  if (git.sub && !git.sub.literal)
    return denial(
      'command.unreadable',
      `what \`git ${clip(git.sub.text)}\` does is only known when it runs`,
      'Write the sub-command plainly.',
    );
  const sub = git.sub?.text ?? '';
  const rest = git.rest.map((word) => word.text);
  const problem = judgeSub(sub, rest, git.rest);
  if (problem || ONLY_LOOKS.test(sub) || SHARED.test(sub) || liesIn(worktree, git.folder)) return problem;
  return denial(
    'scope.outside_worktree',
    `git ${sub} would change the checkout of ${git.folder}`,
    `Work in ${worktree}: put \`cd ${worktree} &&\` in front.`,
  );
}

/** By where the folder really is: a link in the worktree may lead into the main checkout. */
function liesIn(worktree: string, folder: string): boolean {
  if (folder === '') return true;
  try {
    return isInside(realTarget(worktree).target, realTarget(folder).target);
  } catch (error) {
    if (error instanceof UnknownTarget) return false;
    throw error;
  }
}

function judgeGlobal(option: string, value: Word, worktree: string, folder: string | null): Denial | undefined {
  if (option === '-c') {
    if (value.literal && HARMLESS_SETTING.test(value.text.includes('=') ? value.text : `${value.text}=`))
      return undefined;
    return denial('command.git', `git -c ${clip(value.text)} changes how git works`, PLAIN_GIT);
  }
  if (option === '-C') {
    if (folder === null || liesIn(worktree, folder)) return undefined;
    return denial(
      'scope.outside_worktree',
      `git -C ${clip(value.text)} works outside the worktree`,
      `Work in ${worktree} only.`,
    );
  }
  if (option === '--git-dir' || option === '--work-tree')
    return denial('scope.outside_worktree', `git ${option} works outside the worktree`, `Work in ${worktree} only.`);
  return denial('command.git', `git ${option} is not allowed in a healing run`, PLAIN_GIT);
}

function judgeSub(sub: string, rest: string[], words: readonly Word[]): Denial | undefined {
  if (sub === 'archive' && rest.some((word) => word.startsWith('--remote'))) return published(sub);
  const setsReference = sub === 'symbolic-ref' && rest.filter((word) => !word.startsWith('-')).length > 1;
  if (SHARED.test(sub) && (setsReference || !READ_ONLY[sub]?.test(rest[0] ?? '')))
    return denial(
      'command.git',
      `git ${sub} changes what the worktree shares with the main checkout`,
      sub === 'stash'
        ? 'Save work with `git diff > "$TMPDIR/work.patch"` instead.'
        : 'Change files in the worktree; propose_pr publishes.',
    );
  if (sub !== '' && !SHARED.test(sub) && !LOCAL.test(sub))
    return denial(
      'command.git',
      `\`git ${clip(sub)}\` is no command of git itself, and aliases are not read`,
      'Write the command that the alias stands for.',
    );
  if (
    sub === 'config' &&
    !rest.some((word) => /^(--get|--get-all|--get-regexp|--get-urlmatch|--list|-l|get|list)$/.test(word)) &&
    rest.filter((word) => !word.startsWith('-')).length !== 1
  )
    return denial('command.git', 'git config writes the shared configuration', 'Leave the configuration as it is.');
  if (makesBranch(sub, rest))
    return denial(
      'command.git',
      `git ${sub} would create or move a branch shared with the main checkout`,
      'Stay on the detached worktree; propose_pr makes the branch.',
    );
  if (WHOLE_COMMITS.test(sub) && !TAKES_BACK.test(rest[0] ?? ''))
    return denial(
      'scope.unknown_path',
      `git ${sub} changes files that the command does not name`,
      'Use Edit, or `git checkout <commit> -- <file>` for the diagnosed files.',
    );
  if (movesTree(sub, words))
    return denial(
      'scope.unknown_path',
      `git ${sub} changes every file of the worktree`,
      'Look with `git show <commit>:<file>` or `git diff`; take single files back with `git checkout <commit> -- <file>`.',
    );
  if (
    sub === 'clean' &&
    rest.some((word) => /^-[a-zA-Z]*[xX]/.test(word)) &&
    !rest.some((word) => /^(-[a-zA-Z]*n|--dry-run)/.test(word))
  )
    return denial(
      'scope.outside_worktree',
      'git clean -x removes ignored files, dependencies among them',
      'Remove the files that you made by name.',
    );
  if (sub === 'ls-remote' && rest.some((word) => /^--(e|u)/.test(word)))
    return denial('command.git', `this option of git ${sub} starts another program`, PLAIN_GIT);
  if (
    /^(grep|difftool|mergetool|log|diff|show|blame)$/.test(sub) &&
    rest.some((word) => /^(-O.+|--open-files-in-pager.*|-x|--extcmd.*|--ext-diff|--tool.*)$/.test(word))
  )
    return denial('command.git', `this option of git ${sub} starts another program`, PLAIN_GIT);
  return undefined;
}

/** `git checkout <commit>` without paths, `git switch --detach <commit>`, `git reset --hard <commit>`. */
function movesTree(sub: string, words: readonly Word[]): boolean {
  const texts = words.map((word) => word.text);
  const refs = words.filter((word) => !word.text.startsWith('-'));
  if (sub === 'switch') return refs.length > 0;
  if (sub === 'checkout') {
    if (
      texts.includes('--') ||
      texts.some((text) => /^(-p|--patch|--ours|--theirs|--pathspec-from-file.*)$/.test(text))
    )
      return false;
    const [first, ...others] = refs;
    return first !== undefined && others.length === 0 && looksLikeCommit(first.text);
  }
  return (
    sub === 'reset' &&
    texts.some((text) => /^--(hard|merge|keep)$/.test(text)) &&
    refs.some((word) => !/^(HEAD|@)$/.test(word.text))
  );
}

/** A single operand of checkout is a path only when it cannot be a commit. */
function looksLikeCommit(text: string): boolean {
  if (/^(HEAD|@)$/.test(text)) return false;
  return (
    /^(HEAD|@|-)([~^@{]|$)|^[0-9a-f]{7,40}$|^(main|master|develop|dev|trunk|origin\/|upstream\/|refs\/|v\d)/.test(
      text,
    ) || !/[./*]/.test(text)
  );
}

function makesBranch(sub: string, rest: string[]): boolean {
  if (sub === 'branch')
    return (
      rest.some(
        (word) =>
          !/^(-a|-r|-v|-vv|-l|--list|--show-current|--contains|--no-contains|--all|--remotes|--merged|--no-merged|--points-at|--no-color|--color=.*|--column.*|--format=.*|--sort=.*)$/.test(
            word,
          ) &&
          !rest.some((one) =>
            /^(--list|-l|--contains|--no-contains|--merged|--no-merged|--points-at|-a|-r)$/.test(one),
          ),
      ) ||
      rest.some((word) =>
        /^-[a-zA-Z]*[dDmMcCfu]|^--(delete|move|copy|force|set-upstream-to|unset-upstream|edit-description|track)/.test(
          word,
        ),
      )
    );
  if (sub === 'checkout') return rest.some((word) => /^(-b|-B|--orphan|-t|--track)/.test(word));
  if (sub === 'switch') return rest.some((word) => /^(-c|-C|--create|--force-create|--orphan|-t|--track)/.test(word));
  return false;
}

function published(sub: string): Denial {
  return denial(
    'publish.push',
    `git ${sub} publishes around the gate`,
    'Call propose_pr once verify_fix answers pass.',
  );
}
