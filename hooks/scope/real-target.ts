/**
 * Where a path really leads: every link of it followed, also the last one and one that leads nowhere yet, with `..`
 * taken after the links before it, as the kernel does. The file does not have to exist.
 */
import { lstatSync, readlinkSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve, sep } from 'node:path';

/** A path whose target cannot be told; the message is the rest of the sentence "it is not known where it leads: …". */
export class UnknownTarget extends Error {}

export interface RealTarget {
  /** What is written: nothing on this path is a link. */
  target: string;
  /** The name itself, its folders resolved: what is removed or replaced when the last part is a link. */
  name: string;
}

/** As Linux counts them (MAXSYMLINKS). */
const MAX_LINKS = 40;
// These lead somewhere else for each process that asks, so that our own answer would not be the agent's.
const PER_PROCESS = /^\/(proc|dev\/fd)(\/|$)/;

/** Follows a path; a relative one starts at this process's folder. Throws `UnknownTarget` only. */
export function realTarget(path: string): RealTarget {
  const steps = parts(isAbsolute(path) ? path : join(process.cwd(), sep) + path);
  const last = steps.at(-1);
  if (last === undefined || last === '..') {
    const target = follow(sep, steps);
    return { target, name: target };
  }
  const folder = follow(sep, steps.slice(0, -1));
  return { target: follow(folder, [last]), name: join(folder, last) };
}

function follow(start: string, path: readonly string[]): string {
  const steps = [...path];
  let at = start;
  let links = 0;
  for (let step = steps.shift(); step !== undefined; step = steps.shift()) {
    if (step === '..') {
      at = dirname(at);
      continue;
    }
    const next = join(at, step);
    if (PER_PROCESS.test(next)) throw new UnknownTarget('it is different for each process');
    const link = readLink(next);
    if (link === undefined) {
      at = next;
      continue;
    }
    if (++links > MAX_LINKS) throw new UnknownTarget('its links go round');
    if (isAbsolute(link)) at = sep;
    steps.unshift(...parts(link));
  }
  return at;
}

/** True when `path` is the folder or lies below it; both are plain absolute paths. */
export function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** The real target of a path read in the two ways it is read: with `..` after links (the kernel), and before (editors). */
export function readings(path: string): RealTarget[] {
  const plain = resolve(path);
  return path.split(sep).includes('..') ? [realTarget(path), realTarget(plain)] : [realTarget(path)];
}

function parts(path: string): string[] {
  return path.split(sep).filter((part) => part !== '' && part !== '.');
}

/** What a link says, or undefined for anything else and for what is not there. */
function readLink(path: string): string | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new UnknownTarget(`it cannot be looked at (${code ?? String(error)})`);
  }
}
