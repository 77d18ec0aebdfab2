/** Whether a call can have changed files: false only for what is known to read. */
import { ownTool } from '../own-server.ts';
import { programName } from '../shell/program-name.ts';
import { readShell, type SimpleCommand } from '../shell.ts';
import { FIND_ACTS } from '../wrappers/programs.ts';
import type { ToolCall } from './happening.ts';

const READING_TOOLS = new Set([
  'Read',
  'Grep',
  'Glob',
  'LS',
  'NotebookRead',
  'WebFetch',
  'WebSearch',
  'TodoWrite',
  'TodoRead',
  'TaskCreate',
  'TaskUpdate',
  'TaskGet',
  'TaskList',
  'TaskOutput',
  'BashOutput',
  'AskUserQuestion',
  'ToolSearch',
  'Skill',
]);

/** Ours, that write no file of the worktree: rows in the database and checkouts of the gate are not in it. */
const READING_MCP = new Set([
  'get_context',
  'get_impact',
  'list_incidents',
  'search_incidents',
  'report_error',
  'record_diagnosis',
  'record_plan',
  'run_scenarios',
  'verify_fix',
  'propose_pr',
  'escalate',
  'dismiss_incident',
]);

/** They write nothing, whatever their arguments. */
const READERS = new Set(
  (
    '[ basename cat cd cmp column comm cut diff dirname du echo egrep expr false fgrep fold getconf grep head hexdump ' +
    'id jq join ls md5sum nl nproc od paste pgrep printf ps pwd readlink realpath rev sha1sum sha256sum sleep stat ' +
    'strings tac tail test tr true tsort type uname uptime wait wc whereis which whoami'
  ).split(' '),
);
const GIT_READERS = new Set(
  'blame cat-file describe diff grep log ls-files ls-tree merge-base rev-list rev-parse shortlog show status'.split(
    ' ',
  ),
);
const QUIET_TARGET = /^(?:\/dev\/(?:null|stdout|stderr|tty)|&?[0-9]|-)$/;

export function mayChangeFiles(call: Pick<ToolCall, 'tool' | 'input'>): boolean {
  if (READING_TOOLS.has(call.tool)) return false;
  const ours = ownTool(call.tool);
  if (ours !== undefined) return !READING_MCP.has(ours);
  if (call.tool !== 'Bash') return true;
  const command = call.input.command;
  if (typeof command !== 'string') return true;
  const reading = readShell(command);
  return !reading.ok || !reading.commands.every(onlyReads);
}

function onlyReads(command: SimpleCommand): boolean {
  const { words, redirects, assignments } = command;
  if (redirects.some(({ operator, target }) => operator.includes('>') && !isQuiet(target))) return false;
  const [program, ...rest] = words;
  if (program === undefined) return true;
  // A variable in front can make a reader start another program (a pager, a preprocessor).
  if (!program.literal || assignments.length > 0) return false;
  return readsOnly(
    programName(program),
    rest.map(({ text }) => text),
  );
}

function isQuiet({ text, literal }: { text: string; literal: boolean }): boolean {
  return literal && QUIET_TARGET.test(text);
}

function readsOnly(name: string, words: readonly string[]): boolean {
  const has = (option: RegExp) => words.some((word) => option.test(word));
  if (READERS.has(name)) return true;
  switch (name) {
    case 'rg':
      return !has(/^--(?:pre|hostname-bin)/);
    case 'find':
      return !has(FIND_ACTS);
    case 'sed':
      return sedReads(words);
    case 'sort':
    case 'uniq':
      return !has(/^(?:-[a-zA-Z]*o|--output|--compress-program)/) && (name !== 'uniq' || words.length < 2);
    case 'date':
      return !has(/^(?:-s|--set)/);
    case 'git':
      return gitReads(words);
    default:
      return false;
  }
}

const ADDRESS = '(?:\\d+|\\$|/[^/\\\\]{1,500}/)';
/** One command of a script that prints or leaves out; everything else may write or run (`w`, `e`). */
const SED_PRINTS = new RegExp(`^\\s*(?:${ADDRESS}(?:,(?:\\+?${ADDRESS}))?)?\\s*!?\\s*[pq=dn]?\\s*$`);

/** `sed -n '1,50p' FILE…`, with options that change nothing else. */
function sedReads(words: readonly string[]): boolean {
  const options = words.filter((word) => word.startsWith('-') && word !== '-');
  const scripts = words.filter(
    (word, index) => words[index - 1] === '-e' || (!options.includes('-e') && !word.startsWith('-')),
  );
  return (
    options.every((word) => /^(?:-[nEres]+|--quiet|--silent|--regexp-extended|--posix)$/.test(word)) &&
    (options.includes('-e') ? scripts : scripts.slice(0, 1)).every((script) =>
      script.split(/[;\n]/).every((one) => SED_PRINTS.test(one)),
    )
  );
}

function gitReads(words: readonly string[]): boolean {
  const at = words.findIndex((word, index) => !word.startsWith('-') && words[index - 1] !== '-C');
  const before = words.slice(0, at).filter((word, index, all) => word !== '-C' && all[index - 1] !== '-C');
  if (at < 0 || before.some((word) => !/^(?:--no-pager|-P|--no-optional-locks)$/.test(word))) return false;
  if (!GIT_READERS.has(words[at] ?? '')) return false;
  return !words.some((word) => /^(?:--output|-O|--open-files-in-pager|--ext-diff|--textconv)/.test(word));
}
