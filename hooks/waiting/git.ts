/**
 * What of git asks a person. Git pages and asks for merge messages only on a terminal, which the agent's shell is not;
 * the client sets `GIT_EDITOR=true`, so that a message which is there already (amend, merge, squash, revert) is taken
 * as it is, and one that has to be written is empty. Tried: docs/waiting.md.
 */
import type { Family } from './rule.ts';

const GLOBAL = ['-C', '-c', '--git-dir', '--work-tree', '--namespace'];
const PATCH = 'Name the files instead: {as} -- FILE, or `git apply --cached` with a patch.';

export const GIT: Family = {
  kind: 'person',
  answerable: false,
  rules: [
    {
      programs: ['git commit'],
      valued: [...GLOBAL, '-m', '--message', '-F', '--file', '--reuse-message', '--reedit-message', '-t', '--template'],
      when: (call) => call.has('-p', '--patch', '--interactive') && !call.invocation.input,
      why: 'asks about every hunk',
      instead: 'Use `git add FILE` and {as} -m "…".',
    },
    {
      programs: ['git commit'],
      valued: [
        ...GLOBAL,
        '-m',
        '--message',
        '-F',
        '--file',
        '--reuse-message',
        '-t',
        '--template',
        '--author',
        '--date',
      ],
      when: (call) =>
        !call.has(
          ...['-m', '--message', '-F', '--file', '-C', '--reuse-message', '-c', '--reedit-message'],
          ...['--fixup', '--squash', '--amend', '--no-edit', '--dry-run', '--allow-empty-message', '-h'],
        ),
      why: 'needs a message from an editor',
      instead: 'Use {as} -m "…" (--no-edit to finish a merge).',
    },
    {
      programs: ['git rebase'],
      valued: [...GLOBAL, '--onto', '-x', '--exec', '-s', '-X'],
      when: (call) =>
        call.has('-i', '--interactive') && !call.has('--autosquash', '-x', '--exec') && !setsSequence(call.invocation),
      why: 'opens its list of steps in an editor',
      instead: 'Use `git rebase --autosquash -i` after `git commit --fixup`, or `git rebase` without -i.',
    },
    {
      programs: ['git rebase'],
      valued: GLOBAL,
      when: (call) => call.has('--edit-todo'),
      why: 'opens its list of steps in an editor',
      instead: 'Use `git rebase --continue`, --skip or --abort.',
    },
    {
      programs: ['git add', 'git stage'],
      valued: GLOBAL,
      when: (call) => call.has('-p', '--patch', '-i', '--interactive', '-e', '--edit') && !call.invocation.input,
      why: 'asks about every hunk',
      instead: PATCH,
    },
    {
      programs: ['git reset', 'git checkout', 'git restore', 'git stash', 'git stash push', 'git stash save'],
      valued: [...GLOBAL, '-b', '-B', '-m', '--message', '-s', '--source'],
      when: (call) =>
        call.has('-p', '--patch') &&
        !call.invocation.input &&
        !(call.as.endsWith(' stash') && /^(list|show)$/.test(call.operands[0] ?? '')),
      why: 'asks about every hunk',
      instead: PATCH,
    },
    {
      programs: ['git clean'],
      valued: [...GLOBAL, '-e', '--exclude'],
      when: (call) => call.has('-i', '--interactive') && !call.invocation.input,
      why: 'asks what to remove',
      instead: 'Use {as} -n to look and {as} -f -- PATH to remove.',
    },
    {
      programs: ['git tag'],
      valued: [...GLOBAL, '-m', '--message', '-F', '--file', '-u', '--local-user'],
      when: (call) =>
        call.has('-a', '--annotate', '-s', '--sign', '-u', '-e', '--edit') &&
        !call.has('-m', '--message', '-F', '--file', '-d', '-v', '-l', '--list'),
      why: 'needs a message from an editor',
      instead: 'Use {as} -a NAME -m "…".',
    },
    {
      programs: ['git notes add', 'git notes append', 'git notes edit'],
      valued: [...GLOBAL, '-m', '--message', '-F', '--file', '-C', '--reuse-message'],
      when: (call) => !call.has('-m', '--message', '-F', '--file', '-C', '--reuse-message'),
      why: 'needs a text from an editor',
      instead: 'Use {as} -m "…".',
    },
    {
      programs: ['git branch'],
      valued: GLOBAL,
      when: (call) => call.has('--edit-description'),
      why: 'opens an editor',
      instead: 'Use `git config branch.NAME.description "…"`, or leave it.',
    },
    {
      programs: ['git config'],
      valued: [...GLOBAL, '-f', '--file'],
      when: (call) => call.has('-e', '--edit') || call.operands[0] === 'edit',
      why: 'opens an editor',
      instead: 'Use `git config --get NAME` to read.',
    },
    {
      programs: ['git mergetool'],
      valued: GLOBAL,
      why: 'opens a merge tool',
      instead: 'Edit the conflicts in the files, then `git add` them.',
    },
    {
      programs: ['git difftool'],
      valued: [...GLOBAL, '-x', '--extcmd', '-t', '--tool'],
      when: (call) => !(call.has('-y', '--no-prompt') && call.has('-x', '--extcmd')) && !call.has('--tool-help'),
      why: 'opens a diff tool',
      instead: 'Use `git diff`.',
    },
    {
      programs: ['git am'],
      valued: GLOBAL,
      when: (call) => call.has('-i', '--interactive'),
      why: 'asks about every patch',
      instead: 'Use {as} without -i.',
    },
    {
      programs: ['git replace'],
      valued: GLOBAL,
      when: (call) => call.has('--edit', '-e'),
      why: 'opens an editor',
      instead: 'Use `git replace OLD NEW`.',
    },
    {
      programs: ['git gui', 'git citool', 'gitk', 'tig', 'lazygit'],
      why: 'opens a window',
      instead: 'Use git itself.',
    },
  ],
};

/** `git -c sequence.editor=…` or `GIT_SEQUENCE_EDITOR=…`: a program edits the list. */
function setsSequence({ args, assignments }: { args: readonly string[]; assignments: readonly string[] }): boolean {
  return [...args, ...assignments].some((text) =>
    /^(sequence\.editor|core\.editor|GIT_SEQUENCE_EDITOR|GIT_EDITOR)=/.test(text),
  );
}
