/**
 * Where the files of a run are: the git tree where somebody looked at it, and beside it a tree made up from the edits,
 * which tells the same where nobody did. Plain JSON of bounded size.
 */

import type { ToolCall } from '../trace/happening.ts';
import { normalInput } from '../trace/normal-input.ts';
import { pathOf } from './call.ts';
import { digest } from './digest.ts';
import { contentOf, edited, type NetEdits, UNTOUCHED, written } from './net-edits.ts';

export interface Place {
  /** Git tree id; null where nobody looked since the last change. */
  real: string | null;
  /** Digest of all edits that stand; `START` before the first one and when all are taken back. */
  made: string;
}

export interface PlaceState {
  now: Place;
  start: Place;
  /** The last real tree, and whether files changed since it was seen. */
  seen: string | null;
  stale: boolean;
  files: [path: string, file: NetEdits][];
  /** Shell commands with unknown effect so far. */
  unknown: number;
}

export const START = '';
/** Files beyond the last 100 that were changed keep their part in the digest and can no longer be taken back. */
const MAX_FILES = 100;

/** What a call did to the files. `unknown`: a command that may have changed something. */
export type Moved = 'no' | 'known' | 'unknown';

export interface FileChange {
  path: string;
  before: string;
  after: string;
}

export function startPlace(): PlaceState {
  const nowhere: Place = { real: null, made: START };
  return { now: nowhere, start: nowhere, seen: null, stale: false, files: [], unknown: 0 };
}

/** Equal git trees where both are known, else equal edits. */
export function samePlace(a: Place, b: Place): boolean {
  return a.real !== null && b.real !== null ? a.real === b.real : a.made === b.made;
}

/** One name of the place, for points that are kept. */
export function treeOf(place: Place): string {
  return place.real ?? `~${place.made}`;
}

/** Takes in what a call did to the files; `mayChange` says whether a shell command can have changed any. */
export function movePlace(
  state: PlaceState,
  call: ToolCall,
  mayChange: boolean,
): { moved: Moved; change: FileChange | null } {
  const before = state.now;
  const change = call.outcome === 'ok' ? editFile(state, call) : null;
  const edited = change !== null && change.before !== change.after;
  const blind = mayChange && change === null && call.outcome !== 'refused' && call.tree === null;
  let made = before.made;
  if (change && edited) made = combine(combine(made, change.path, change.before), change.path, change.after);
  if (blind) made = combine(made, 'unknown', String(++state.unknown));
  if (call.tree !== null) {
    if (state.seen !== null && state.seen !== call.tree && !state.stale && made === before.made)
      made = combine(combine(made, 'tree', state.seen), 'tree', call.tree);
    if (state.seen === null && made === START) state.start = { real: call.tree, made: START };
    state.seen = call.tree;
  }
  const changed = made !== before.made;
  state.stale = call.tree === null && (changed || state.stale);
  state.now = { real: call.tree ?? (changed ? null : before.real), made };
  const moved = samePlace(before, state.now) ? 'no' : blind ? 'unknown' : 'known';
  return { moved, change: edited ? change : null };
}

export function atStart(state: PlaceState): boolean {
  return samePlace(state.now, state.start);
}

/** The file's content before and after, in digests; null where the call edits none. */
function editFile(state: PlaceState, call: ToolCall): FileChange | null {
  const path = pathOf(call);
  const { input } = call;
  if (path === '') return null;
  const index = state.files.findIndex(([known]) => known === path);
  const file = state.files[index]?.[1] ?? UNTOUCHED;
  const next = editedBy(call.tool, input, file);
  if (next === null) return null;
  if (index >= 0) state.files.splice(index, 1);
  state.files.push([path, next]);
  if (state.files.length > MAX_FILES) state.files.shift();
  return { path, before: contentOf(file), after: contentOf(next) };
}

function editedBy(tool: string, input: Record<string, unknown>, file: NetEdits): NetEdits | null {
  if (tool === 'Write') return written(String(input.content ?? ''));
  if (tool === 'Edit') return edited(file, String(input.old_string ?? ''), String(input.new_string ?? ''));
  if (tool === 'NotebookEdit') return { base: `+${digest(normalInput(tool, input, null))}`, edits: [] };
  if (tool !== 'MultiEdit' || !Array.isArray(input.edits)) return null;
  return input.edits.reduce<NetEdits>((now, edit: unknown) => {
    const { old_string, new_string } = (edit ?? {}) as Record<string, unknown>;
    return edited(now, String(old_string ?? ''), String(new_string ?? ''));
  }, file);
}

/** A digest of a set: adding what is in it takes it out again, in whatever order. An untouched file is no member. */
function combine(set: string, ...member: [string, string]): string {
  if (member[1] === '') return set;
  const [a, b] = [Buffer.from(set || 'AAAAAAAAAAAA', 'base64url'), Buffer.from(digest(...member), 'base64url')];
  const sum = a.map((byte, i) => byte ^ (b[i] ?? 0));
  return sum.every((byte) => byte === 0) ? START : Buffer.from(sum).toString('base64url');
}
