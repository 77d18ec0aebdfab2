/**
 * Which test runner a command line ends up in, through npm scripts and the usual wrappers, so that the runner can be
 * asked for a machine report. What it does not recognise stays unknown: nobody guesses how to count its cases.
 */
import { posix } from 'node:path';
import { detectBuildTool } from './build-tools.ts';
import { readManagerCall } from './manager-call.ts';
import type { Packages } from './packages.ts';
import { namedJUnitFile } from './reports/named-junit.ts';
import { readShellLine } from './shell-line.ts';

/** `node-script`: a plain script run by node, which may use node:test or print TAP. */
export type RunnerName =
  | 'vitest'
  | 'jest'
  | 'mocha'
  | 'ava'
  | 'node-tap'
  | 'node-test'
  | 'node-script'
  | 'tap'
  | 'pytest'
  | 'unittest'
  | 'go'
  | 'cargo'
  | 'maven'
  | 'gradle'
  /** Any other tool, told to write JUnit XML to a file that the command names. */
  | 'named-junit';

export interface DetectedRunner {
  /** Null when the line does not end in a runner that is known. */
  runner: RunnerName | null;
  /** Words to write between the line and added arguments so that they reach the runner: `--` once per npm script. */
  separators: string[];
  /** Words of the command that starts the runner, as far as it could be resolved. */
  words: string[];
  /** A runner that runs earlier in the same line: only the last one could be counted. */
  earlier: RunnerName | null;
  /** Folder (relative to the checkout) in which the runner starts. */
  folder: string;
}

const PROGRAMS: Record<string, RunnerName> = {
  vitest: 'vitest',
  'vitest.mjs': 'vitest',
  jest: 'jest',
  'jest.js': 'jest',
  mocha: 'mocha',
  _mocha: 'mocha',
  'mocha.js': 'mocha',
  'ts-mocha': 'mocha',
  ava: 'ava',
  tape: 'tap',
  tap: 'node-tap',
  pytest: 'pytest',
  'py.test': 'pytest',
};

/** Start another command that stands among their arguments. */
const WRAPPERS = new Set(
  'env cross-env npx bunx c8 nyc uv poetry pipenv pdm hatch rye coverage dotenv dotenvx time timeout nice xvfb-run run exec'.split(
    ' ',
  ),
);
const PACKAGE_MANAGERS = new Set(['npm', 'pnpm', 'yarn', 'bun']);
const NODE_LIKE = new Set(['node', 'nodejs', 'tsx', 'ts-node']);
const MAX_DEPTH = 5;
const UNKNOWN: DetectedRunner = { runner: null, separators: [], words: [], earlier: null, folder: '' };

export function detectRunner(line: string, packages: Packages): DetectedRunner {
  return detectIn(line, '', packages, 0);
}

function detectIn(line: string, start: string, packages: Packages, depth: number): DetectedRunner {
  const { commands, operators, appendable } = readShellLine(line);
  if (depth > MAX_DEPTH || commands.length === 0) return UNKNOWN;
  let folder = start;
  let earlier: RunnerName | null = null;
  for (const words of commands.slice(0, -1)) {
    if (words[0] === 'cd' && words[1] !== undefined) folder = posix.join(folder, words[1]);
    else {
      const found = detectWords(words, folder, packages, depth);
      earlier ??= found.earlier ?? found.runner;
    }
  }
  // A pipe may drop or change what the runner prints and its exit code; `|| true` hides it.
  const lastOperator = operators[commands.length - 2];
  if (!appendable || lastOperator === '|' || lastOperator === '||') return { ...UNKNOWN, earlier };
  const last = detectWords(commands.at(-1) ?? [], folder, packages, depth);
  return { ...last, earlier: earlier ?? last.earlier };
}

function detectWords(words: string[], folder: string, packages: Packages, depth: number): DetectedRunner {
  const found = detectProgram(words, folder, packages, depth);
  if (found.runner !== null || found.earlier !== null || namedJUnitFile(words) === null) return found;
  return { ...UNKNOWN, runner: 'named-junit', words, folder };
}

function detectProgram(words: string[], folder: string, packages: Packages, depth: number): DetectedRunner {
  let wrapped = false;
  for (const [index, word] of words.entries()) {
    const program = posix.basename(word);
    const rest = words.slice(index + 1);
    const here = (found: DetectedRunner): DetectedRunner => ({ ...found, folder });
    const known = (runner: RunnerName) => here({ ...UNKNOWN, runner, words: words.slice(index) });
    if (isAssignment(word)) continue;
    if (Object.hasOwn(PROGRAMS, program)) return known(PROGRAMS[program] as RunnerName);
    if (program === 'react-scripts' && rest[0] === 'test') return known('jest');
    if (NODE_LIKE.has(program)) return here(detectNode(words.slice(index)));
    if (/^python(?:\d+(?:\.\d+)*)?$/.test(program)) return here(detectPython(words.slice(index)));
    if (program === 'coverage' && rest[0] === 'run') return here(detectPython(words.slice(index + 1)));
    const built = detectBuildTool(program, rest);
    if (built !== null) return known(built);
    if (PACKAGE_MANAGERS.has(program)) return detectScript(program, rest, { start: folder, packages, depth });
    if (WRAPPERS.has(program)) wrapped = true;
    else if (!wrapped) return UNKNOWN;
  }
  return UNKNOWN;
}

function detectNode(words: string[]): DetectedRunner {
  if (words.includes('--test')) return { ...UNKNOWN, runner: 'node-test', words };
  for (const word of words.slice(1)) {
    const program = posix.basename(word);
    if (Object.hasOwn(PROGRAMS, program)) return { ...UNKNOWN, runner: PROGRAMS[program] as RunnerName, words };
    if (/^(?:-e|-p|-pe|--eval|--print)$/.test(word)) return UNKNOWN;
    if (/\.[cm]?[jt]sx?$/.test(word) && !word.startsWith('-')) return { ...UNKNOWN, runner: 'node-script', words };
  }
  return UNKNOWN;
}

function detectPython(words: string[]): DetectedRunner {
  const module = words[words.indexOf('-m') + 1];
  if (words.includes('-m') && (module === 'pytest' || module === 'unittest'))
    return { ...UNKNOWN, runner: module, words };
  if (module === 'coverage') return detectPython(words.slice(words.indexOf('-m') + 2));
  return UNKNOWN;
}

interface ScriptPlace {
  start: string;
  packages: Packages;
  depth: number;
}

function detectScript(manager: string, words: string[], { start, packages, depth }: ScriptPlace): DetectedRunner {
  const call = readManagerCall(manager, words, start, packages);
  if (call === null || call.folders.length === 0) return UNKNOWN;
  const found = call.folders.map((folder) => detectCall(manager, call.words, { start: folder, packages, depth }));
  const [first = UNKNOWN] = found;
  if (found.length === 1) return first;
  // Several workspaces are several runs: only taken apart can they be counted.
  return {
    ...UNKNOWN,
    earlier: found.map(({ runner, earlier }) => earlier ?? runner).find((one) => one !== null) ?? null,
  };
}

/** A script or program in one folder. */
function detectCall(manager: string, words: string[], { start: folder, packages, depth }: ScriptPlace): DetectedRunner {
  const rest = words.slice(
    Math.max(
      0,
      words.findIndex((word) => !word.startsWith('-')),
    ),
  );
  const scripts = packages.scripts(folder) ?? {};
  const [verb = '', ...after] = rest;
  const name = scriptName(manager, verb, after, scripts);
  if (name === undefined) {
    const executes = verb === 'exec' || verb === 'x' || verb === 'dlx';
    if (manager === 'npm' && !executes) return UNKNOWN;
    const found = detectWords(dropDashes(executes ? after : rest), folder, packages, depth);
    return manager === 'npm' && !after.includes('--') ? { ...found, separators: ['--'] } : found;
  }
  const text = scripts[name.script];
  if (text === undefined) return UNKNOWN;
  const found = detectIn(text, folder, packages, depth + 1);
  // npm hands on only what stands after `--`; the others hand on everything after the script's name.
  const needsDashes = manager === 'npm' && !name.arguments.includes('--');
  return { ...found, separators: needsDashes ? ['--', ...found.separators] : found.separators };
}

function scriptName(manager: string, verb: string, after: string[], scripts: Record<string, string>) {
  if (verb === 'run' || verb === 'run-script') {
    const at = after.findIndex((word) => !word.startsWith('-'));
    return at === -1 ? undefined : { script: after[at] as string, arguments: after.slice(at + 1) };
  }
  if (manager === 'bun') return undefined; // `bun test` is bun's own runner
  if (verb === 'test' || (manager === 'npm' && (verb === 't' || verb === 'tst')))
    return { script: 'test', arguments: after };
  return manager !== 'npm' && Object.hasOwn(scripts, verb) ? { script: verb, arguments: after } : undefined;
}

function dropDashes(words: string[]): string[] {
  return words.filter((word) => word !== '--');
}

function isAssignment(word: string): boolean {
  return /^[A-Za-z_]\w*=/.test(word);
}
