/**
 * The folder that a recorded run worked in. A live guard knows its worktree; a record often says nothing but paths, on a
 * machine that may not be this one. So: what the run was told (`start_fix`), else where it stood, else the folder that
 * most of its paths share.
 */
import { homedir } from 'node:os';
import { join, posix } from 'node:path';

/** Stands for the worktree of a run that names relative paths only. */
const NOWHERE = '/recorded-run';

/** Folders of the machine: nobody's project lies there, so they do not vote. */
const SYSTEM = /^\/(etc|usr|bin|sbin|boot|dev|proc|sys|lib\w*|tmp|private|var|run|snap|System|Library)(\/|$)/;
/** Settings and keys below a home folder. */
const HIDDEN_AT_HOME = /^\/(root|home\/[^/]+|Users\/[^/]+)\/\.[^/]+(\/|$)/;
/** Homes and shelves: the project is the folder below. */
const SHELF = /^\/(home\/[^/]+|Users\/[^/]+|root|work|workspaces?|srv|opt|mnt|media|data)(?=\/[^/]+\/)/;
/** Folders that lie inside a project, so that the project begins above them. */
const PART =
  /^(src|lib|app|apps|test|tests|__tests__|spec|packages|services|internal|cmd|pkg|docs?|scripts|migrations|config|public|web|\..+)$/;

export function absolute(path: string, root: string): string {
  const expanded = path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
  return posix.resolve(root, expanded);
}

/** `folders`: where the calls stood, in their order. `paths`: files that the run names. */
export function commonRoot(folders: readonly string[], paths: readonly string[]): string {
  const first = folders[0];
  // A shell that started below goes up to the project; one that leaves for another place does not take it along.
  if (first !== undefined)
    return folders.reduce((root, folder) => (depth(folder) >= 2 && isBelow(folder, root) ? folder : root), first);
  const voting = paths.filter((path) => path.startsWith('/') && !SYSTEM.test(path) && !HIDDEN_AT_HOME.test(path));
  const largest = [...group(voting).values()].sort((a, b) => b.length - a.length)[0];
  return largest === undefined ? NOWHERE : shared(largest);
}

function group(paths: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const shelf = SHELF.exec(path)?.[0] ?? '';
    const name = `${shelf}/${path.slice(shelf.length).split('/')[1] ?? ''}`;
    groups.set(name, [...(groups.get(name) ?? []), path]);
  }
  return groups;
}

/** The deepest folder above all of them, cut where the inside of a project begins. */
function shared(paths: readonly string[]): string {
  const split = paths.map((path) => posix.dirname(path).split('/').slice(1));
  const head = split[0] ?? [];
  let length = head.length;
  for (const parts of split) {
    let same = 0;
    while (same < length && same < parts.length && parts[same] === head[same]) same += 1;
    length = same;
  }
  const common = head.slice(0, length);
  const inside = common.findIndex((part, at) => at > 0 && PART.test(part));
  return `/${(inside < 0 ? common : common.slice(0, inside)).join('/')}`;
}

function isBelow(folder: string, path: string): boolean {
  return path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

function depth(path: string): number {
  return path.split('/').filter((part) => part !== '').length;
}
