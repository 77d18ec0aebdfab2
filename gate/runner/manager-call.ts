/**
 * A call of npm, pnpm or yarn taken apart: in which folders it runs which script or program. Workspaces count too:
 * `npm test -w packages/api`, `npm test --workspaces`, `pnpm -r test`, `yarn workspace @shop/api test`.
 */
import { posix } from 'node:path';
import type { Packages } from './packages.ts';

export interface ManagerCall {
  /** Relative to the checkout; several when it runs in every workspace, or in those it names. */
  folders: string[];
  /** Its words without the ones that choose where. */
  words: string[];
  /** It goes through workspaces, and goes on when one of them fails. */
  workspaces: boolean;
}

const FOLDER_OPTIONS = new Set(['--prefix', '-C', '--dir', '--cwd']);
const SKIPS_MISSING = new Set(['--if-present']);

/** Null when it chooses folders in a way that is not known. `words` are those after the manager's name. */
export function readManagerCall(
  manager: string,
  words: readonly string[],
  start: string,
  packages: Packages,
): ManagerCall | null {
  const chosen: Chosen = { folder: start, names: [], all: false, ifPresent: false, words: [] };
  if (!(manager === 'yarn' && readYarnWorkspaces(words, chosen)) && !readOptions(manager, words, chosen)) return null;
  const { all, names, folder } = chosen;
  if (!all && names.length === 0) return { folders: [folder], words: chosen.words, workspaces: false };
  const workspaces = packages.workspaces();
  const named = names.map((name) => workspaces.filter((one) => isNamed(one, name, folder)));
  if (named.some((found) => found.length === 0)) return null;
  const folders = (all ? workspaces : named.flat()).map((one) => one.folder);
  // pnpm and yarn leave out packages without the script; npm does when it is told to.
  const skips = chosen.ifPresent || manager !== 'npm';
  const script = scriptWord(chosen.words);
  const having = skips ? folders.filter((one) => packages.scripts(one)?.[script ?? ''] !== undefined) : folders;
  return { folders: [...new Set(having)], words: chosen.words, workspaces: true };
}

interface Chosen {
  folder: string;
  names: string[];
  all: boolean;
  ifPresent: boolean;
  words: string[];
}

/** npm reads its options anywhere before `--`; the others only before the name of the script. */
function readOptions(manager: string, words: readonly string[], chosen: Chosen): boolean {
  let named = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    if (word === '--' || (named && manager !== 'npm')) {
      chosen.words.push(...words.slice(at));
      return true;
    }
    const [option = '', value] = word.startsWith('--') ? split(word) : [word];
    const next = () => value ?? words[++at] ?? '';
    if (FOLDER_OPTIONS.has(option)) chosen.folder = posix.join(chosen.folder, next());
    else if (manager === 'npm' && (option === '-w' || option === '--workspace')) chosen.names.push(next());
    else if (manager === 'npm' && (option === '-ws' || option === '--workspaces')) chosen.all = value !== 'false';
    else if (manager === 'pnpm' && (option === '-r' || option === '--recursive')) chosen.all = true;
    else if (manager === 'pnpm' && (option === '-F' || option === '--filter')) chosen.names.push(next());
    else if (/^(?:-w|--workspace|--workspaces|--filter|-F)$/.test(option)) return false;
    else if (SKIPS_MISSING.has(option)) chosen.ifPresent = true;
    else {
      if (!word.startsWith('-')) named = !['run', 'run-script', 'exec'].includes(word);
      chosen.words.push(word);
    }
  }
  return true;
}

/** `yarn workspace NAME …`, `yarn workspaces run …`, `yarn workspaces foreach [options] run …` */
function readYarnWorkspaces(words: readonly string[], chosen: Chosen): boolean {
  const [verb, second = ''] = words;
  if (verb === 'workspace') {
    chosen.names.push(second);
    chosen.words.push(...words.slice(2));
    return true;
  }
  if (verb !== 'workspaces') return false;
  const run = words.indexOf('run');
  if (run < 0 || (second !== 'run' && second !== 'foreach')) return false;
  chosen.all = true;
  chosen.words.push(...words.slice(run));
  return true;
}

/** By its name, its folder, or a folder above it. */
function isNamed({ name, folder }: { name: string; folder: string }, given: string, start: string): boolean {
  if (name === given) return true;
  const path = posix.join(start, given).replace(/\/$/, '');
  return folder === path || folder.startsWith(`${path}/`);
}

/** The script that is run: `test` in `test -- a`, `unit` in `run unit`. */
function scriptWord(words: readonly string[]): string | undefined {
  const plain = words.filter((word) => !word.startsWith('-'));
  return plain[0] === 'run' || plain[0] === 'run-script' ? plain[1] : plain[0];
}

function split(option: string): [name: string, value?: string] {
  const equals = option.indexOf('=');
  return equals < 0 ? [option] : [option.slice(0, equals), option.slice(equals + 1)];
}
