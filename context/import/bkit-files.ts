/** Where bkit keeps its living context, below the folder that a person names: the repository, `.bkit`, or one of its folders. */
import { lstat, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ParsedNode } from 'yaml';
import { commentsAbove } from '../document/comments.ts';
import { parseTree } from '../document/tree.ts';

export type BkitLayer = 'scenarios' | 'invariants' | 'impact' | 'incidents';

export interface BkitFile {
  layer: BkitLayer;
  /** As a person finds it: relative to the folder that was named. */
  name: string;
  parsed:
    | { ok: true; value: unknown /** Comments in the text of an item of a top-level list. */; commentsOf: CommentsOf }
    | { ok: false; why: string };
}

type CommentsOf = (list: string, index: number) => string[];

const SINGLE: [BkitLayer, string[]][] = [
  ['invariants', ['invariants.yaml', 'invariants.yml']],
  ['impact', ['impact-map.json', 'impact-map.yaml']],
  ['incidents', ['incident-memory.yaml', 'incident-memory.yml']],
];
const SCENARIO_FOLDERS = ['.', 'scenarios', 'docs/02-design/scenarios', '../docs/02-design/scenarios'];

/** In the order in which they are read. */
export async function bkitFiles(folder: string): Promise<BkitFile[]> {
  const found: BkitFile[] = [];
  for (const [layer, names] of SINGLE)
    for (const name of names.flatMap((one) => [one, join('.bkit', one)])) {
      const file = await read(folder, layer, name);
      if (file) found.push(file);
    }
  for (const sub of SCENARIO_FOLDERS) {
    // Beside `.bkit`, and nowhere else, the folder above belongs to it.
    if (sub.startsWith('..') && basename(folder) !== '.bkit') continue;
    const names = await readdir(join(folder, sub)).catch(() => []);
    const wanted = sub === '.' ? /\.scenarios\.ya?ml$/ : /\.ya?ml$/;
    for (const name of names.filter((one) => wanted.test(one)).sort()) {
      const file = await read(folder, 'scenarios', join(sub, name));
      if (file) found.push(file);
    }
  }
  return found;
}

async function read(folder: string, layer: BkitLayer, name: string): Promise<BkitFile | undefined> {
  const stat = await lstat(join(folder, name)).catch(() => undefined);
  if (!stat?.isFile()) return undefined;
  const source = await readFile(join(folder, name), 'utf8');
  const tree = parseTree(source);
  if (!tree.ok) {
    const [fault] = tree.faults;
    const { line, column } = tree.placeOf(fault?.offset ?? 0);
    return { layer, name, parsed: { ok: false, why: `${line}:${column}: ${fault?.message ?? 'it is not YAML'}` } };
  }
  const commentsOf: CommentsOf = (list, index) => {
    const item = tree.document.getIn([list, index], true) as ParsedNode | undefined;
    if (!item?.range) return [];
    const inside = source.slice(item.range[0], item.range[1]).split('\n');
    // After a quote a `#` may be text; what only looks like a comment does no harm in one.
    const told = inside.flatMap((line) => /(?:^|\s)#(.*)$/.exec(line.replace(/"[^"]*"|'[^']*'/g, ''))?.[0] ?? []);
    const own = told.map((line) => line.replace(/^\s*#+\s?/, '').trim());
    return [...commentsAbove(source, item.range[0]), ...own].filter((line) => line !== '');
  };
  return { layer, name, parsed: { ok: true, value: tree.value, commentsOf } };
}
