/** Fixes in the git history that brought a test: what broke once is worth a scenario that says so. */
import { git } from '../git.ts';

export interface PastFix {
  commit: string;
  /** `2026-11-20` */
  date: string;
  /** One line, as it was written: foreign text. */
  subject: string;
  tests: string[];
  sources: string[];
}

/** Commits that are looked through, newest first. */
const MOST_COMMITS = 500;
/** A commit of more files is no fix of one thing. */
const MOST_FILES = 12;
/** At the beginning of the subject, or with what was fixed: "the fix" in other sentences is any change. */
const FIXES = new RegExp(
  [
    String.raw`^\W*(?:\w+(?:\([^)]*\))?!?:\s+|\[[^\]]*\]\s*)?(?:bug|hot)?(?:fix(?:e[sd]|ing)?|repair(?:s|ed)?)\b`,
    String.raw`\b(?:bug|regression|crash(?:es|ed)?)\b`,
    String.raw`\bfix(?:es|ed)?:? (?:[\w-]+\/[\w-]+)?#\d+`,
  ].join('|'),
  'i',
);
const ASIDE = /\b(?:typos?|lint(?:er)?|formatting|docs?|readme|changelog|flaky|ci|build)\b/i;

/** Newest first. `isTest` tells tests from sources; files that are gone today are left out. */
export async function pastFixes(
  root: string,
  isTest: (path: string) => boolean,
  isThere: (path: string) => boolean,
): Promise<PastFix[]> {
  const format = '--format=%x01%H%x09%cs%x09%s';
  const log = await git(['log', '-n', String(MOST_COMMITS), '--no-merges', '--no-renames', '--name-only', format], {
    cwd: root,
  });
  return log.split('\x01').flatMap((block): PastFix[] => {
    const [head = '', ...lines] = block.split('\n');
    const [commit = '', date = '', ...words] = head.split('\t');
    const subject = words
      .join(' ')
      .replace(/[\s\p{C}]+/gu, ' ')
      .trim();
    const files = lines.filter((line) => line !== '');
    if (!FIXES.test(subject) || ASIDE.test(subject) || files.length > MOST_FILES) return [];
    const there = files.filter(isThere);
    const tests = there.filter(isTest);
    const sources = there.filter((path) => !isTest(path) && !path.startsWith('.self-healing/'));
    return tests.length > 0 && sources.length > 0 ? [{ commit, date, subject, tests, sources }] : [];
  });
}
