/**
 * Which commands an agent may add during a fix (DESIGN §9). They are run as words, never by a shell, and become law once
 * merged, so they must also mean the same to a shell. A command is allowed when it is one that people committed, or
 * starts as `tests.command` does or with a known test runner, picks tests inside the tree, and brings no code or
 * configuration of its own.
 */
import { posix } from 'node:path';
import { detectRunner, type RunnerName } from './detect-runner.ts';
import { readManagerCall } from './manager-call.ts';
import type { Packages } from './packages.ts';
import { readShellLine } from './shell-line.ts';

export interface CommandLaw {
  /** `tests.command` of the base; empty when there is none. */
  testCommand: string;
  /** Every command of the base's scenarios. */
  commands: readonly string[];
  packages: Packages;
}

export type Allowed = { ok: true } | { ok: false; why: string };

/** Options that only choose, repeat or describe tests. Those marked true take the next word. */
const HARMLESS: Record<RunnerName, Record<string, boolean>> = {
  vitest: { '-t': true, '--testNamePattern': true, '--project': true, '--run': false, '--no-coverage': false },
  jest: {
    '-t': true,
    '--testNamePattern': true,
    '--testPathPattern': true,
    '--testPathPatterns': true,
    '--runTestsByPath': false,
    '--runInBand': false,
    '-i': false,
    '--ci': false,
    '--verbose': false,
    '--no-coverage': false,
  },
  mocha: { '-g': true, '--grep': true, '-f': true, '--fgrep': true, '--exit': false, '-t': true, '--timeout': true },
  'node-test': {
    '--test': false,
    '--test-name-pattern': true,
    '--test-only': false,
    '--experimental-strip-types': false,
  },
  'node-script': { '--experimental-strip-types': false },
  tap: {},
  pytest: {
    '-k': true,
    '-m': true,
    '-q': false,
    '-v': false,
    '-vv': false,
    '-x': false,
    '-s': false,
    '--tb': true,
    '--no-header': false,
  },
  unittest: { '-v': false, '-k': true, '-q': false, '-m': true },
  ava: { '--match': true, '-m': true },
  'node-tap': {},
  go: {},
  cargo: {},
  maven: {},
  gradle: {},
  'named-junit': {},
};
/** Known test runners that do more than run tests: only the program that people's own test command starts. */
const BUILDS_OR_WRITES: ReadonlySet<RunnerName> = new Set(['go', 'cargo', 'maven', 'gradle', 'named-junit']);
/** Words before the runner that start it and nothing else. */
const STARTERS = new Set(
  'npm pnpm yarn bun npx bunx exec run test t node tsx python python3 uv poetry pipenv pdm -m -- --no-install'.split(
    ' ',
  ),
);
const SUBCOMMANDS = new Set(['run', 'discover']);

/** `exists` tells whether a repository-relative path is a file or folder of the tree. */
export function isAllowedAgentCommand(command: string, law: CommandLaw, exists: (path: string) => boolean): Allowed {
  const line = command.trim();
  const lawful = [law.testCommand, ...law.commands].map((one) => one.trim()).filter((one) => one !== '');
  if (lawful.includes(line)) return { ok: true };
  const { commands, needsShell } = readShellLine(line);
  if (needsShell !== null)
    return no(`${JSON.stringify(needsShell)} needs a shell. Write one plain command; quote what is not plain.`);
  if (/[\r\n\0]/.test(line)) return no('It has more than one line.');
  const words = commands[0] ?? [];
  const [program = ''] = words;
  if (program === '') return no('It is empty.');
  if (/^[A-Za-z_]\w*=/.test(program))
    return no('It sets an environment variable. Variables belong in tests.env, which people edit.');

  const lawWords = new Set(lawful.flatMap((one) => readShellLine(one).commands.flat()));
  const detected = detectRunner(line, law.packages);
  const startsLikeTests = readShellLine(law.testCommand).commands[0]?.[0] === program;
  if (detected.runner === null || detected.earlier !== null)
    return no(
      startsLikeTests
        ? 'It does not end in a test runner whose cases can be counted.'
        : 'It starts neither as tests.command does nor with a known test runner.',
    );
  if (BUILDS_OR_WRITES.has(detected.runner) && !startsLikeTests)
    return no('It builds what it tests, or writes a report of its own. Start it the way tests.command does.');
  // A plain script is a test only where the project's own tests are plain scripts, and no other package.json script is.
  const scripted = detectRunner(law.testCommand, law.packages).runner === 'node-script';
  if (detected.runner === 'node-script' && (!scripted || /^(?:npm|pnpm|yarn|bun)$/.test(program)))
    return no('It runs a plain script. Use a test runner, or the way tests.command runs the tests.');
  if (!startsLikeTests && program.includes('/') && !lawWords.has(program) && !isInstalledProgram(program))
    return no(
      `Its program ${program} is a path. Name the runner, or a file below node_modules/.bin or a virtual environment.`,
    );
  const [manager, ...given] = words;
  const call = /^(?:npm|pnpm|yarn)$/.test(program) ? readManagerCall(program, given, '', law.packages) : null;
  const plain = call?.workspaces ? [manager ?? '', ...call.words] : words;
  return checkWords(plain, detected.runner, {
    lawWords,
    exists: (path) => exists(posix.join(detected.folder, path)),
    isScript: scriptTest(plain, law.packages.scripts(detected.folder) ?? {}),
  });
}

interface WordRules {
  lawWords: ReadonlySet<string>;
  exists: (path: string) => boolean;
  isScript: (index: number) => boolean;
}

function checkWords(words: string[], runner: RunnerName, rules: WordRules): Allowed {
  let runnerSeen = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    const base = posix.basename(word);
    if (!runnerSeen) {
      const isRunner = RUNNER_WORDS.test(base) || rules.isScript(at) || (base === 'node' && runner.startsWith('node'));
      const starts = STARTERS.has(base) || STARTERS.has(word) || rules.lawWords.has(word);
      if (!isRunner && !starts && at > 0 && !rules.exists(pathOf(word)))
        return no(`${JSON.stringify(word)} stands before the test runner and is not known.`);
      runnerSeen = isRunner;
      if (isRunner || starts) continue;
    }
    if (word === '--' || rules.lawWords.has(word)) continue;
    if (word.startsWith('-')) {
      const [name = '', value] = splitOption(word);
      const takesValue = HARMLESS[runner][name];
      if (takesValue === undefined) return no(`The option ${name} is not one that only chooses tests.`);
      if (takesValue && value === undefined) at++;
      continue;
    }
    if (SUBCOMMANDS.has(word)) continue;
    const path = pathOf(word);
    if (path.startsWith('/') || posix.normalize(path).startsWith('..')) return no(`${word} lies outside of the tree.`);
    if (!rules.exists(posix.normalize(path)) && !isPythonName(word, runner, rules.exists))
      return no(`${word} is no file or folder of the tree.`);
  }
  return { ok: true };
}

const RUNNER_WORDS =
  /^(?:vitest|vitest\.mjs|jest|jest\.js|_?mocha|mocha\.js|ava|tape|tap|pytest|py\.test|unittest|react-scripts)$/;

/** The words that name a package.json script: `test` in `npm test`, `unit` in `npm run unit`. */
function scriptTest(words: string[], scripts: Record<string, string>): (index: number) => boolean {
  const managed = /^(?:npm|pnpm|yarn|bun)$/.test(words[0] ?? '');
  return (index) =>
    managed && index > 0 && index <= 2 && words[index] !== 'run' && Object.hasOwn(scripts, words[index] ?? '');
}

function splitOption(word: string): [name: string, value?: string] {
  const equals = word.indexOf('=');
  return word.startsWith('--') && equals !== -1 ? [word.slice(0, equals), word.slice(equals + 1)] : [word];
}

/** The file of `tests/test_a.py::TestX::test_y` or `test/a.test.ts:12`. */
function pathOf(word: string): string {
  return word.replace(/::.*$/, '').replace(/:\d+$/, '');
}

/** unittest names modules: `tests.test_a.Case.test_x`. */
function isPythonName(word: string, runner: RunnerName, exists: (path: string) => boolean): boolean {
  if (runner !== 'unittest' || !/^\w+(?:\.\w+)*$/.test(word)) return false;
  const parts = word.split('.');
  return parts.some((_, index) => exists(`${parts.slice(0, index + 1).join('/')}.py`));
}

function isInstalledProgram(program: string): boolean {
  const path = posix.normalize(program);
  return /^(?:node_modules\/\.bin|\.?venv\/bin)\/[\w.-]+$/.test(path);
}

function no(why: string): Allowed {
  return { ok: false, why };
}
