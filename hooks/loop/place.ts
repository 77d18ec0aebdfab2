/**
 * Where the files of a run are: the git tree where somebody looked at it, and beside it a tree made up from the edits,
 * which tells the same where nobody did. Plain JSON of bounded size.
 */
import type { ToolCall } from '../trace/happening.ts';
import { combine, NOTHING } from './digest.ts';
import { type FileChange, type MadeFiles, moveFiles, noFiles } from './made-files.ts';

export interface Place {
  /** Git tree id; null where nobody looked since the last change. */
  real: string | null;
  /** Digest of all changes that stand; `NOTHING` before the first one and when all are taken back. */
  made: string;
}

export interface PlaceState {
  now: Place;
  start: Place;
  /** The last real tree, and whether files changed since it was seen. */
  seen: string | null;
  stale: boolean;
  files: MadeFiles;
  /** Commands of unknown effect, by their keys or counted. */
  ran: string[];
  unknown: number;
}

/** What is kept is bounded, so that the state of a run stays below 64 kB. */
const MAX_RAN = 60;
/** They make other files each time; what else is run a second time leaves, as far as anybody knows, what it left before. */
const NEW_EACH_TIME =
  /(?:^|[\s;&|(])(?:git|sed|perl|awk|mv|cp|rm|ln|patch|tee|touch|mkdir|truncate|dd|rsync|tar|unzip|ed|ex|install)(?:\s|$)|>/;

/** What a call did to the files. `unknown`: a command that may have changed something. */
export type Moved = 'no' | 'known' | 'unknown';

export function startPlace(): PlaceState {
  const nowhere: Place = { real: null, made: NOTHING };
  return { now: nowhere, start: nowhere, seen: null, stale: false, files: noFiles(), ran: [], unknown: 0 };
}

/** Equal git trees where both are known, else equal changes. */
export function samePlace(a: Place, b: Place): boolean {
  return a.real !== null && b.real !== null ? a.real === b.real : a.made === b.made;
}

/** One name of the place, for points that are kept. */
export function treeOf(place: Place): string {
  return place.real ?? `~${place.made}`;
}

export function atStart(state: PlaceState): boolean {
  return samePlace(state.now, state.start);
}

/** Takes in what a call did; `changes` says whether it can have changed files at all. */
export function movePlace(
  state: PlaceState,
  call: ToolCall,
  { key, changes: mayChange }: { key: string; changes: boolean },
): { moved: Moved; changes: FileChange[] } {
  const before = state.now;
  const known = call.outcome === 'refused' ? [] : moveFiles(state.files, call);
  const changes = known?.filter((change) => change.before !== change.after) ?? [];
  let made = changes.reduce(
    (all, { path, before, after }) => withFile(withFile(all, path, before), path, after),
    before.made,
  );
  const blind = known === null && mayChange && call.tree === null;
  if (blind) made = combine(made, 'unknown', unknownEffect(state, call, key));
  if (call.tree !== null) made = lookAt(state, call.tree, made);
  const changed = made !== before.made;
  state.stale = call.tree === null && (changed || state.stale);
  state.now = { real: call.tree ?? (changed ? null : before.real), made };
  const moved = samePlace(before, state.now) ? 'no' : blind ? 'unknown' : 'known';
  return { moved, changes: changes.length > 0 ? changes : wholeTree(before, state.now) };
}

/** A change whose words tell nothing, between two trees that somebody looked at. */
function wholeTree({ real: before }: Place, { real: after }: Place): FileChange[] {
  if (before === null || after === null || before === after) return [];
  return [{ path: 'the worktree', before, after, grows: false }];
}

/** A real tree was seen: what changed it without our knowledge is part of the made one from now on. */
function lookAt(state: PlaceState, tree: string, made: string): string {
  const { seen } = state;
  state.seen = tree;
  if (seen === null && made === NOTHING) state.start = { real: tree, made };
  const unheard = seen !== null && seen !== tree && !state.stale && made === state.now.made;
  return unheard ? combine(combine(made, 'tree', seen), 'tree', tree) : made;
}

/** A member that is new for new effects; for a command that ran before, one that changes nothing. */
function unknownEffect(state: PlaceState, call: ToolCall, key: string): string {
  if (NEW_EACH_TIME.test(String(call.input.command ?? ''))) return String(++state.unknown);
  if (state.ran.includes(key)) return '';
  state.ran = [...state.ran, key].slice(-MAX_RAN);
  return key;
}

/** An untouched file is no member. */
function withFile(made: string, path: string, content: string): string {
  return content === '' ? made : combine(made, path, content);
}
