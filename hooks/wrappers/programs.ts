/** The programs that run another one, as data: prefixes with their options, and options that hold shell text. */
import type { SimpleCommand, Word } from '../shell.ts';

export interface Prefix {
  /** Options that take a value of their own. */
  valued?: readonly string[];
  /** Operands before the command: `timeout 5 cmd`. */
  operands?: number;
}

/** What `find` does with what it finds, besides printing. */
export const FIND_ACTS = /^-(delete|exec|execdir|ok|okdir|fprint|fprint0|fprintf|fls)$/;

const USER = ['-u', '--user', '-g', '--group'];
const PLAIN: Prefix = {};

/** Programs whose operands are a command. An option that is not listed makes every later word a possible command. */
export const PREFIXES: Readonly<Record<string, Prefix>> = {
  env: { valued: ['-u', '--unset', '-C', '--chdir', '-a', '--argv0'] },
  sudo: { valued: [...USER, '-h', '-p', '-C', '-D', '--chdir', '-R', '-T', '-U', '-r', '-t'] },
  doas: { valued: ['-u', '-C'] },
  command: PLAIN,
  builtin: PLAIN,
  // zsh, which is the shell of many a session.
  noglob: PLAIN,
  nocorrect: PLAIN,
  '-': PLAIN,
  repeat: { operands: 1 },
  exec: { valued: ['-a'] },
  nohup: PLAIN,
  nice: { valued: ['-n', '--adjustment'] },
  ionice: { valued: ['-c', '--class', '-n', '--classdata', '-p'] },
  chrt: { operands: 1 },
  taskset: { operands: 1 },
  timeout: { valued: ['-k', '--kill-after', '-s', '--signal'], operands: 1 },
  gtimeout: { valued: ['-k', '--kill-after', '-s', '--signal'], operands: 1 },
  time: { valued: ['-f', '--format', '-o', '--output'] },
  gtime: { valued: ['-f', '-o'] },
  stdbuf: { valued: ['-i', '-o', '-e', '--input', '--output', '--error'] },
  unbuffer: PLAIN,
  setsid: PLAIN,
  setpriv: PLAIN,
  chroot: { operands: 1 },
  unshare: PLAIN,
  nsenter: { valued: ['-t', '--target'] },
  strace: { valued: ['-e', '-o', '-p', '-s'] },
  ltrace: { valued: ['-e', '-o', '-p', '-s'] },
  valgrind: PLAIN,
  faketime: { operands: 1 },
  'xvfb-run': { valued: ['-n', '-s', '-e', '-f', '-w'] },
  'dbus-run-session': PLAIN,
  'systemd-run': { valued: ['--unit', '-p', '--property', '--uid', '--gid'] },
  proxychains: PLAIN,
  proxychains4: PLAIN,
  flock: { valued: ['-w', '--timeout', '-E'], operands: 1 },
  script: { valued: ['-c', '--command', '-t', '-o', '-T', '-I', '-O', '-B', '-m'], operands: 1 },
  su: { valued: ['-c', '--command', '-s', '-g', '-G', '-w'], operands: 9 },
  runuser: { valued: ['-c', '--command', '-u', '-s', '-g', '-G'] },
  busybox: PLAIN,
  toybox: PLAIN,
  entr: PLAIN,
  watchexec: { valued: ['-w', '-e', '-f', '-i'] },
  dotenv: { valued: ['-e', '-f', '-p'] },
  'env-cmd': { valued: ['-f', '--file', '-e'] },
  'cross-env': PLAIN,
  'cross-env-shell': PLAIN,
  'aws-vault': PLAIN,
  npx: { valued: ['-p', '--package', '-w', '--workspace', '--cache', '--registry'] },
  bunx: PLAIN,
  pnpx: PLAIN,
  uvx: { valued: ['--from', '--with', '-p', '--python'] },
  pipx: { valued: ['--spec', '--python'], operands: 1 },
};

/** Programs that run a command behind a sub-command of theirs: `poetry run pytest`. */
export const LAUNCHERS: Readonly<Record<string, { sub: RegExp; valued?: readonly string[]; operands?: number }>> = {
  npm: { sub: /^(exec|x)$/, valued: ['--prefix', '-C', '-w', '--workspace', '-p', '--package'] },
  pnpm: { sub: /^(exec|dlx)$/, valued: ['-C', '--dir', '--filter', '-F', '--package'] },
  yarn: { sub: /^(exec|dlx|run)$/, valued: ['--cwd', '-p'] },
  bun: { sub: /^(x|run)$/, valued: ['--cwd', '--filter'] },
  uv: {
    sub: /^run$/,
    valued: ['--with', '--python', '-p', '--extra', '--group', '--directory', '--project', '--env-file'],
  },
  poetry: { sub: /^run$/, valued: ['-C', '--directory', '-P', '--project'] },
  pipenv: { sub: /^run$/ },
  pdm: { sub: /^run$/, valued: ['-p'] },
  hatch: { sub: /^run$/, valued: ['-e'] },
  rye: { sub: /^run$/ },
  conda: { sub: /^run$/, valued: ['-n', '-p'] },
  bundle: { sub: /^exec$/ },
  direnv: { sub: /^exec$/, operands: 1 },
  mise: { sub: /^(exec|x)$/ },
  asdf: { sub: /^exec$/ },
  nvm: { sub: /^(exec|run)$/, operands: 1 },
  fnm: { sub: /^exec$/, valued: ['--using'] },
  volta: { sub: /^run$/, valued: ['--node', '--npm'] },
  rtx: { sub: /^(exec|x)$/ },
  perf: { sub: /^(stat|record)$/, valued: ['-e', '-o'] },
};

/** Program → options whose value is shell text. */
const TEXT_OPTIONS: Readonly<Record<string, RegExp>> = {
  script: /^(-[a-z]*c|--command)$/,
  su: /^(-c|--command)$/,
  runuser: /^(-c|--command)$/,
  sg: /^-c$/,
  flock: /^(-c|--command)$/,
  tar: /^(-I|-F|--(to-c|use-c|rmt|rsh|info|new-v)[a-z-]*)$/,
  split: /^--filter$/,
  rsync: /^(-[a-zA-Z]*e|--rsh|--rsync-path)$/,
  'nix-shell': /^--(run|command)$/,
  npx: /^(-c|--call)$/,
  npm: /^(-c|--call)$/,
  pnpm: /^(-c|--shell-mode)$/,
  nodemon: /^(-x|--exec)$/,
  sort: /^--compress-program$/,
  rg: /^(--pre|--hostname-bin)$/,
  man: /^(-P|--pager)$/,
  env: /^(-S|--split-string)$/,
  git: /^(-x|--exec|--tree-filter|--index-filter|--msg-filter|--env-filter|--upload-pack|--receive-pack)$/,
  zip: /^(-TT|--unzip-command)$/,
};

/** Texts in a command's words that a shell would run. */
export function textsIn(command: SimpleCommand, name: string): Word[] {
  const words = command.words.slice(1);
  const option = TEXT_OPTIONS[name];
  const texts: Word[] = [];
  words.forEach((word, index) => {
    const [, head = '', attached] = /^(--[\w-]+)=(.*)$/s.exec(word.text) ?? [];
    if (option?.test(head)) texts.push({ ...word, text: attached ?? '' });
    else if (option?.test(word.text)) texts.push(...words.slice(index + 1, index + 2));
    else if (name === 'tar' && /^--checkpoint-a[a-z]*=exec=/.test(word.text))
      texts.push({ ...word, text: word.text.replace(/^.*?exec=/s, '') });
    else if (name === 'env' && /^-\w*S./.test(word.text))
      texts.push({ ...word, text: word.text.replace(/^-\w*?S/, '') });
    else if (name === 'git' && /^alias\.[\w-]+=/.test(word.text) && words[index - 1]?.text === '-c')
      texts.push({
        ...word,
        text: word.text
          .replace(/^.*?=/s, '')
          .replace(/^(?!!)/, 'git ')
          .replace(/^!/, ''),
      });
  });
  if (name === 'watch') texts.push(joined(operandsAfter(words, /^(-n|--interval)$/)));
  if (/^(concurrently|start-server-and-test|npm-run-all|run-p|run-s)$/.test(name))
    texts.push(...operandsAfter(words, /^(-n|--names|-c|--prefix-colors)$/).filter((word) => /\s/.test(word.text)));
  if (/^(tmux|screen)$/.test(name)) {
    const operands = operandsAfter(words, /^(-s|-t|-n|-c|-S|-x|-y|-L|-f)$/);
    texts.push(...operands.filter((word) => /\s/.test(word.text)), joined(operands.slice(name === 'tmux' ? 1 : 0)));
  }
  return texts.filter((word) => word.text.trim() !== '');
}

function joined(words: Word[]): Word {
  return { text: words.map((word) => word.text).join(' '), literal: words.every((word) => word.literal) };
}

function operandsAfter(words: readonly Word[], valued: RegExp): Word[] {
  return words.filter((word, index) => !word.text.startsWith('-') && !valued.test(words[index - 1]?.text ?? ''));
}
