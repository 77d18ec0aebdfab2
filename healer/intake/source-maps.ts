/**
 * From a place in a bundle back to the source, by the `.map` beside it in this checkout's build output. Only bundles whose name
 * carries a hash of their content: a map of the same name is then of the same build. Bounded in folders, files and bytes.
 */
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import type { NormalizeOptions, SourcePlace } from '../../events/normalize.ts';
import { cleanPath } from '../../events/stack/repository-path.ts';

/** Where bundlers write, in the root and in each package of a workspace. */
const OUTPUT = ['dist', 'build', 'out', 'public', '.next', '.nuxt', '.output', '.svelte-kit'];
const WORKSPACES = ['apps', 'packages', 'services', 'frontend', 'web', 'client'];
const MOST_ENTRIES = 20_000;
const DEEPEST = 12;
const MOST_BYTES = 32 * 1024 * 1024;
const MOST_MAPS = 8;
/** A build may come at any time; until then a missing map is not looked for again and again. */
const FRESH_MS = 30_000;

/** `nowMs`: a clock that only goes forward. */
export function openSourceMaps(root: string, nowMs: () => number): NonNullable<NormalizeOptions['sourceOf']> {
  let found = new Map<string, string[]>();
  let at = Number.NEGATIVE_INFINITY;
  const maps = new Map<string, TraceMap | undefined>();
  return ({ file, line, column }): SourcePlace | undefined => {
    if (nowMs() - at > FRESH_MS) {
      found = findMaps(root);
      at = nowMs();
      maps.clear();
    }
    const path = mapOf(file, found);
    if (path === undefined) return undefined;
    if (!maps.has(path)) {
      if (maps.size >= MOST_MAPS) maps.clear();
      maps.set(path, readMap(root, path));
    }
    const map = maps.get(path);
    const place = map && originalPositionFor(map, { line, column: column - 1 });
    if (!place || place.source === null) return undefined;
    const { source, name } = place;
    return { file: cleanPath(source), line: place.line, column: place.column + 1, function: name ?? undefined };
  };
}

/** The one that lies below as many folders of the same names; of equals none. */
function mapOf(file: string, found: ReadonlyMap<string, string[]>): string | undefined {
  const parts = cleanPath(file).split('/');
  const candidates = (found.get(`${parts.at(-1)}.map`) ?? [])
    .map((path) => ({ path, same: sameEnd(path.slice(0, -'.map'.length).split('/'), parts) }))
    .sort((a, b) => b.same - a.same);
  return candidates[0]?.same === candidates[1]?.same ? undefined : candidates[0]?.path;
}

function sameEnd(one: readonly string[], other: readonly string[]): number {
  let same = 0;
  while (same < Math.min(one.length, other.length) && one.at(-1 - same) === other.at(-1 - same)) same++;
  return same;
}

function readMap(root: string, path: string): TraceMap | undefined {
  try {
    if (statSync(join(root, path)).size > MOST_BYTES) return undefined;
    return new TraceMap(readFileSync(join(root, path), 'utf8'), path);
  } catch {
    return undefined;
  }
}

/** Paths below the root, by name. Links are not followed. */
function findMaps(root: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let left = MOST_ENTRIES;
  const walk = (folder: string, deep: number) => {
    for (const entry of entriesOf(join(root, folder))) {
      if (--left < 0) return;
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory() && entry.name !== 'node_modules' && deep < DEEPEST) walk(path, deep + 1);
      else if (entry.isFile() && /\.[cm]?js\.map$/.test(entry.name))
        found.set(entry.name, [...(found.get(entry.name) ?? []), path]);
    }
  };
  const packages = WORKSPACES.flatMap((folder) =>
    entriesOf(join(root, folder)).flatMap((entry) => (entry.isDirectory() ? `${folder}/${entry.name}/` : [])),
  );
  for (const home of ['', ...WORKSPACES.map((folder) => `${folder}/`), ...packages])
    for (const output of OUTPUT) walk(`${home}${output}`, 0);
  return found;
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
