/** What the readers of test files share: which added lines are code, and how one finding of each code is kept. */
import type { Tampering, TestChange } from './test-change.ts';

export type Report = (code: string, line: number, message: string, next: string) => void;

/** Added lines in their order, without blank ones and those that `comment` matches. */
export function addedCode({ added, newText }: TestChange, comment: RegExp): number[] {
  const lines = newText.split('\n');
  return [...added]
    .sort((a, b) => a - b)
    .filter((line) => (lines[line - 1] ?? '').trim() !== '' && !comment.test(lines[line - 1] ?? ''));
}

/**
 * Nothing but the end of something. When a block is added behind a like one, the diff may call the end of the one before
 * added and its own end old.
 */
export function isClosing(text: string): boolean {
  return /^[\s)\]};,]*$/.test(text);
}

/** Keeps the first finding of each code: more of the same would only hide the others. */
export function once(): { found: Tampering[]; report: Report } {
  const found: Tampering[] = [];
  const report: Report = (code, line, message, next) => {
    if (!found.some((item) => item.code === code)) found.push({ code, line, message, next });
  };
  return { found, report };
}

/** For a file whose brackets do not match, with something added elsewhere than at its very end. */
export function unreadable({ path, newText, oldText }: TestChange, line: number): Parameters<Report>[] {
  if (newText.startsWith(oldText.replace(/\s+$/, ''))) return [];
  return [
    [
      'unreadable',
      line,
      `The brackets of ${path} could not be followed, so that it cannot be told whether existing cases changed.`,
      'Put the new case at the very end of the file, or into a new file.',
    ],
  ];
}
