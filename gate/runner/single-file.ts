/**
 * The commands that run one test file the way the project's own test command runs all of them, the most faithful first.
 * Whether one really runs exactly that file is for the caller to try.
 */
import { posix } from 'node:path';
import { splitChain } from './chain.ts';
import { type DetectedRunner, detectRunner, type RunnerName } from './detect-runner.ts';
import type { Packages } from './packages.ts';
import { quoteArgument, readShellLine } from './shell-line.ts';

const STARTED_BY_NPX: ReadonlySet<RunnerName> = new Set(['vitest', 'jest', 'mocha']);

/** `file` is relative to the checkout, as are the folders of the command. */
export function singleFileCommands(command: string, file: string, packages: Packages): string[] {
  const parts = splitChain(command, packages)?.map(({ line }) => line) ?? [command];
  const found: string[] = [];
  const before: string[] = [];
  for (const line of parts) {
    const detected = detectRunner(line, packages);
    if (detected.runner === null && detected.earlier === null) before.push(line);
    if (detected.runner === null || detected.earlier !== null) continue;
    const inFolder = posix.relative(detected.folder, file);
    if (inFolder.startsWith('..')) continue;
    const own = ownWords(detected);
    const choice = choosing(detected.runner, inFolder, own);
    const added = [line, ...detected.separators, ...choice.map(quoteArgument)].join(' ');
    const plain = own.paths.length === 0 ? throughWorkspace(added) : started(detected, [...own.words, ...choice], line);
    // A build, where the tests need what it makes.
    found.push(plain, ...(before.length > 0 ? [`${before.join(' && ')} && ${plain}`] : []));
  }
  return [...new Set(found)];
}

/** What a script starts in the end, without what stands around it: hooks, linters, a build. Null where nobody can tell. */
export function innerCommand(command: string, packages: Packages): string | null {
  const detected = detectRunner(command, packages);
  if (detected.runner === null || detected.earlier !== null) return null;
  const inner = started(detected, detected.words, command);
  return inner === command ? null : inner;
}

function started({ runner, folder }: DetectedRunner, words: readonly string[], line: string): string {
  const byNpx = runner !== null && STARTED_BY_NPX.has(runner) && !/^(?:node|python|\.|\/)/.test(words[0] ?? '');
  const assigned = /^(?:[A-Za-z_]\w*=\S* +)+/.exec(line)?.[0] ?? '';
  const text = `${assigned}${[...(byNpx ? ['npx'] : []), ...words].map(quoteArgument).join(' ')}`;
  return folder === '' ? text : `cd ${folder} && ${text}`;
}

function choosing(runner: RunnerName, file: string, { words }: OwnWords): string[] {
  if (runner === 'jest') return ['--runTestsByPath', file];
  if (runner !== 'unittest') return [file];
  return words.includes('discover') ? ['-p', posix.basename(file)] : [file.replace(/\.py$/, '').replaceAll('/', '.')];
}

interface OwnWords {
  /** Without those that choose what runs. */
  words: string[];
  /** Files, folders and globs that choose what runs. */
  paths: string[];
}

/** Options whose next word belongs to them. */
const TAKES_VALUE =
  /^(?:--import|--require|-r|--loader|--experimental-loader|--config|-c|--project|-p|-s|-t|--env|--reporter|--rootDir|-m|--cov|-k|-n)$/;

function ownWords({ runner, words }: DetectedRunner): OwnWords {
  const own: OwnWords = { words: [], paths: [] };
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    const isPath = /[*/]|\.[cm]?[jt]sx?$|\.py$/.test(word) || /^(?:tests?|spec|src)$/.test(word);
    if (TAKES_VALUE.test(word)) own.words.push(word, ...words.slice(++at, at + 1));
    else if (word.startsWith('-') || at === 0 || !isPath || isRunnerItself(word, runner)) own.words.push(word);
    else own.paths.push(word);
  }
  return own;
}

/** `node node_modules/jest/bin/jest.js` */
function isRunnerItself(word: string, runner: RunnerName | null): boolean {
  return runner !== null && /(?:^|\/)(?:node_modules|bin)\//.test(word);
}

/** `cd ./packages/api && npm test -- a` → `npm test -w packages/api -- a` */
function throughWorkspace(line: string): string {
  const [, folder, rest] = /^cd \.\/(\S+) && npm (.*)$/.exec(line) ?? [];
  if (folder === undefined || rest === undefined || readShellLine(rest).commands.length !== 1) return line;
  const [before, ...after] = rest.split(' -- ');
  return ['npm', before, '-w', folder, ...(after.length > 0 ? ['--', ...after] : [])].join(' ');
}
