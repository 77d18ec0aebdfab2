/** Editors, and what opens one. Without a terminal they end at once with an error, or hang on a server of their own. */
import type { Family } from './rule.ts';

const QUITS = /^(\+|-c$)?:?(w?qa?|wqa|xa?|qall|cq)!?$/;
const USE_EDIT = 'Use the Edit or Write tool, or `sed -i` for one line.';

export const EDITORS: Family = {
  kind: 'person',
  answerable: false,
  rules: [
    {
      programs: ['vi', 'vim', 'nvim', 'view', 'vimdiff', 'gvim'],
      when: (call) =>
        !call.has('-es', '-Es', '-s', '--headless', '--clean-exit') && !call.args.some((arg) => QUITS.test(arg)),
      why: 'is an editor',
      instead: USE_EDIT,
    },
    {
      programs: ['nano', 'pico', 'joe', 'micro', 'hx', 'helix', 'kak', 'mcedit', 'ne', 'jed'],
      why: 'is an editor',
      instead: USE_EDIT,
    },
    {
      programs: ['emacs'],
      when: (call) => !call.has('--batch', '-batch', '--script', '--daemon'),
      why: 'is an editor',
      instead: USE_EDIT,
    },
    {
      programs: ['emacsclient'],
      when: (call) => !call.has('-n', '--no-wait', '-e', '--eval'),
      why: 'waits until the file is closed in the editor',
      instead: USE_EDIT,
    },
    {
      programs: ['ed', 'ex'],
      when: (call) => !call.invocation.input && !call.args.some((arg) => QUITS.test(arg)),
      why: 'is an editor that reads its commands from standard input',
      instead: USE_EDIT,
    },
    {
      programs: ['code', 'code-insiders', 'cursor', 'subl', 'mate', 'atom', 'gedit', 'zed'],
      when: (call) => call.has('-w', '--wait'),
      why: 'waits until the file is closed in the editor',
      instead: USE_EDIT,
    },
    {
      programs: ['crontab'],
      when: (call) => call.has('-e'),
      why: 'opens an editor',
      instead: 'Use `crontab -l` to read, and `crontab FILE` to set.',
    },
    {
      programs: ['visudo'],
      when: (call) => !call.has('-c', '--check'),
      why: 'opens an editor',
      instead: 'Leave it to a person.',
    },
    { programs: ['vipw', 'vigr', 'sudoedit'], why: 'opens an editor', instead: 'Leave it to a person.' },
    {
      programs: ['kubectl edit', 'oc edit'],
      valued: ['-n', '--namespace', '--context', '--kubeconfig'],
      why: 'opens an editor',
      instead: 'Use `kubectl patch` with -p, or `kubectl get -o yaml` and `kubectl apply -f`.',
    },
    {
      programs: ['systemctl edit'],
      when: (call) => !call.has('--stdin'),
      why: 'opens an editor',
      instead: 'Write the drop-in file itself.',
    },
    {
      programs: ['ansible-vault edit', 'ansible-vault create', 'rails credentials:edit', 'npm edit', 'gh gist edit'],
      why: 'opens an editor',
      instead: 'Leave it to a person, or edit the file itself.',
    },
    {
      programs: ['hg commit', 'svn commit', 'svn ci', 'hg ci'],
      valued: ['-m', '--message', '-F', '--file', '-l', '--logfile'],
      when: (call) => !call.has('-m', '--message', '-F', '--file', '-l', '--logfile'),
      why: 'opens an editor for the message',
      instead: 'Use {as} -m "…".',
    },
  ],
};
