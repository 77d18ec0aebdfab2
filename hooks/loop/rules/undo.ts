/**
 * loop.undo: an edit was made, undone and made again. Where checks ran after it was undone, their report tells whether
 * making it again is a loop (loop.revisit); where something was run that told anything new, two variants are compared.
 */
import { shownPath } from '../advice-text.ts';
import type { FileChange } from '../made-files.ts';
import type { Finding, LoopJudge } from '../rule.ts';

interface History {
  path: string;
  /** Contents of the file, in digests, oldest first. */
  contents: string[];
  /** No check reported since the last change, and nothing that was tried out told anything new. */
  unchecked: boolean;
}

export interface UndoState {
  files: History[];
}

/** What is kept is bounded, so that the state of a run stays below 64 kB. */
const MAX_FILES = 20;
const MAX_CONTENTS = 12;

export const undo: LoopJudge<UndoState> = {
  fresh: () => ({ files: [] }),

  see(own, { call, changes, news, otherNumbers }) {
    const triedOut = call.acts && (news || otherNumbers) && call.failure === null && changes.length === 0;
    if (call.report || triedOut) for (const file of own.files) file.unchecked = false;
    const redone = changes.filter((change) => isRedone(own, change));
    return redone[0] && findingFor(redone[0].path, timesOf(own, redone[0]));
  },

  forget(own, why) {
    if (why === 'improved') own.files = [];
  },
};

/** Takes the change in; true when it was made and taken back before, and no check has run since. */
function isRedone(own: UndoState, { path, before, after }: FileChange): boolean {
  const file = own.files.find((known) => known.path === path) ?? { path, contents: [before], unchecked: true };
  own.files = [...own.files.filter((known) => known !== file), file].slice(-MAX_FILES);
  const redone = file.unchecked && wasMadeBefore(file.contents, before, after);
  file.contents = [...file.contents, after].slice(-MAX_CONTENTS);
  file.unchecked = true;
  return redone;
}

/** The same step from one content to a later one was taken before; the way back to an earlier one is the undoing. */
function wasMadeBefore(contents: readonly string[], before: string, after: string): boolean {
  if (contents.indexOf(after) < contents.indexOf(before)) return false;
  return contents.some((content, i) => content === before && contents[i + 1] === after);
}

function timesOf(own: UndoState, { path, after }: FileChange): number {
  return own.files.find((known) => known.path === path)?.contents.filter((content) => content === after).length ?? 0;
}

function findingFor(path: string, times: number): Finding {
  const name = shownPath(path, null);
  return {
    evidence: `an edit of ${name} was undone and made again: ${times} times by now`,
    advice: `You have made this edit of ${name} before, took it back, and are making it again. Both versions were there already. Decide by evidence: run the check that tells them apart, once with each, and keep the better one. If neither helps, the cause is not in these lines: look at who calls them, or at the data that arrives.`,
  };
}
