/** An invariant about what the files of the tree hold: the same files are searched on the fix and on the base. */
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { matches } from '../../context/path-rules.ts';
import { foreignLine } from '../foreign-line.ts';
import { blobText, entriesOf } from '../tree.ts';
import type { InvariantResult, InvariantsInput } from './invariant-check.ts';

/** What is looked for: `regexSearch`, or a structural one. */
export interface Search {
  /** In messages: `no file holds <name>`. */
  name: string;
  /** Missing where every file is searched. */
  only?: { title: string; covers(path: string): boolean };
  /** In the order of the file. */
  find(path: string, text: string): Match[];
}

interface Match {
  /** 1-based. */
  line: number;
  text: string;
  /** What makes it the same match on fix and base, where that is not its text. */
  code?: string;
}

export interface PatternRule {
  search: Search;
  /** `not_match`: no file may match. `match`: every named file has to; without `files`, at least one of all. */
  must: 'match' | 'not_match';
  /** Globs; none means all files. */
  files: readonly string[];
}

/** Larger files are not source that a person wrote. */
const LARGEST = 2 * 1024 * 1024;

/** The fix's tree must stand in the checkout. */
export async function judgePattern(rule: PatternRule, input: InvariantsInput): Promise<InvariantResult> {
  const { workspace, checkout, trees, changes } = input;
  const { only } = rule.search;
  const isNamed = (path: string) => rule.files.length === 0 || matches(rule.files, path);
  const isSearched = (path: string) => isNamed(path) && (only?.covers(path) ?? true);
  const entries = await entriesOf(workspace, trees.fix);
  const named = entries.filter(({ mode, path }) => mode.startsWith('100') && isNamed(path)).map(({ path }) => path);
  const files = named.filter(isSearched);
  const before = new Map<string, string>();
  for (const change of changes)
    if (isSearched(change.path) && change.oldMode?.startsWith('100'))
      before.set(change.path, await blobText(workspace, change.oldBlob));
  if (only && files.length === 0 && before.size === 0 && named.length > 0)
    return { status: 'cannot_run', message: noneOf(only.title, rule) };
  const changed = new Set(changes.map(({ path }) => path));

  const on = { fix: new Matches(rule.search), base: new Matches(rule.search) };
  for (const path of files) {
    const text = await readText(join(checkout.path, path));
    if (text === undefined) continue;
    on.fix.add(path, text);
    if (!changed.has(path)) on.base.add(path, text);
  }
  for (const [path, text] of before) on.base.add(path, text);
  return rule.must === 'not_match' ? judgeForbidden(on.fix, on.base) : judgeRequired(rule, on.fix, on.base);
}

/** Files of another language only: searching none of them would pass for a proof. */
function noneOf(title: string, { files }: PatternRule): string {
  const where = files.length === 0 ? 'the repository holds' : `${files.join(', ')} names`;
  return `${where} no file of ${title}, so there is nothing that the rule could be about`;
}

function judgeForbidden(fix: Matches, base: Matches): InvariantResult {
  const known = new Map<string, number>();
  const keyOf = ({ path, text, code = text }: FoundMatch) => `${path}\0${code}`;
  for (const match of base.found) known.set(keyOf(match), (known.get(keyOf(match)) ?? 0) + 1);
  for (const match of fix.found) {
    const { path, line, text } = match;
    const left = known.get(keyOf(match)) ?? 0;
    if (left === 0)
      return {
        status: 'violated',
        message: `${path}:${line} holds ${quoted(text)}`,
        file: path,
        line,
      };
    known.set(keyOf(match), left - 1);
  }
  const [first] = fix.found;
  if (!first) return { status: 'held' };
  const { path, line, text } = first;
  return {
    status: 'already_violated',
    message: `${path}:${line} holds ${quoted(text)}`,
    file: path,
    line,
  };
}

function quoted(text: string): string {
  return JSON.stringify(foreignLine(text.replace(/\s+/g, ' '), 80));
}

function judgeRequired(rule: PatternRule, fix: Matches, base: Matches): InvariantResult {
  if (fix.files.size === 0) return { status: 'cannot_run', message: `no file matches ${rule.files.join(', ')}` };
  const missing = (side: Matches) => {
    const found = new Set(side.found.map(({ path }) => path));
    if (rule.files.length === 0) return found.size > 0 ? [] : ['no file'];
    return [...side.files].filter((path) => !found.has(path));
  };
  const absent = missing(fix);
  const known = new Set(missing(base));
  const fresh = absent.find((path) => !known.has(path));
  const say = (path: string) =>
    path === 'no file' ? `no file holds ${rule.search.name}` : `${path} does not hold ${rule.search.name}`;
  if (fresh !== undefined)
    return { status: 'violated', message: say(fresh), ...(fresh === 'no file' ? {} : { file: fresh }) };
  return absent[0] === undefined ? { status: 'held' } : { status: 'already_violated', message: say(absent[0]) };
}

type FoundMatch = Match & { path: string };

class Matches {
  readonly files = new Set<string>();
  readonly found: FoundMatch[] = [];
  readonly #search: Search;

  constructor(search: Search) {
    this.#search = search;
  }

  add(path: string, text: string): void {
    this.files.add(path);
    for (const match of this.#search.find(path, text)) this.found.push({ ...match, path });
  }
}

async function readText(path: string): Promise<string | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (!found?.isFile() || found.size > LARGEST) return undefined;
  const bytes = await readFile(path);
  return bytes.includes(0) ? undefined : bytes.toString('utf8');
}
