/**
 * loop.undo: an edit was made, undone and made again. Where checks ran after it was undone, their report tells whether
 * making it again is a loop (loop.revisit).
 */
import { clipped } from '../call.ts';
import type { LoopJudge } from '../rule.ts';

interface History {
  path: string;
  /** Contents of the file, in digests, oldest first. */
  contents: string[];
  /** No check reported since the last change. */
  unchecked: boolean;
}

export interface UndoState {
  files: History[];
}

const MAX_FILES = 30;
const MAX_CONTENTS = 12;

export const undo: LoopJudge<UndoState> = {
  fresh: () => ({ files: [] }),

  see(own, { call, change }) {
    if (call.report) for (const file of own.files) file.unchecked = false;
    if (!change) return undefined;
    const file = own.files.find((known) => known.path === change.path) ?? {
      path: change.path,
      contents: [change.before],
      unchecked: true,
    };
    own.files = [...own.files.filter((known) => known !== file), file].slice(-MAX_FILES);
    const redone = file.unchecked && wasMadeBefore(file.contents, change.before, change.after);
    file.contents = [...file.contents, change.after].slice(-MAX_CONTENTS);
    file.unchecked = true;
    if (!redone) return undefined;
    const name = clipped(change.path, 120);
    const times = file.contents.filter((content) => content === change.after).length;
    return {
      evidence: `an edit of ${name} was undone and is made again, for the ${times === 2 ? '2nd' : times === 3 ? '3rd' : `${times}th`} time`,
      advice: `You have made this edit of ${name} before, took it back, and are making it again. Both versions were there already. Decide by evidence: run the check that tells them apart, once with each, and keep the better one. If neither helps, the cause is not in these lines: look at who calls them, or at the data that arrives.`,
    };
  },

  forget(own, why) {
    if (why === 'improved') own.files = [];
  },
};

/** The same step from one content to a later one was taken before; the way back to an earlier one is the undoing. */
function wasMadeBefore(contents: readonly string[], before: string, after: string): boolean {
  if (contents.indexOf(after) < contents.indexOf(before)) return false;
  return contents.some((content, i) => content === before && contents[i + 1] === after);
}
