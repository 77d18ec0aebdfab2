/**
 * The lines of an output that say what is wrong, masked, without what moves when code is edited (frames, line numbers,
 * quoted source) and without the order in which parallel tests happen to be told.
 */
import { maskText } from '../../../events/mask.ts';
import { digest } from '../digest.ts';
import { insideFolder } from '../inside-folder.ts';

const SOURCE_OR_FRAME =
  /^\s{0,40}(?:>?\s{0,10}\d{0,6}\s{0,6}[|│]|> {2,}|at |\d{1,4}: |❯ |File "|[-=_─━⎯~^]{3,}|async )/;
const PYTEST = /^\s{0,20}E {2,}\S/;
const DIFF = /^\s{0,20}[-+] {1,8}\S/;
const GO = /^\s{1,20}\S{1,200}\.go:\d+: \S/;
const WORDS =
  /(?:^|[^A-Za-z])(?:[A-Za-z]{0,60}(?:Error|Exception)|errors?|fatal|panic(?:ked)?|assert[a-z]{0,12}|expected|received|actual|left|right|got|want|undefined|unexpected|mismatch(?:ed)?|missing|cannot|can't|could not|not found|no such|fail(?:ed|ure)?)(?![A-Za-z])/i;
/** Counts and times of a run say nothing about what is wrong. */
const SUMMARY =
  /\b(?:passed|failed|failures?|failing|errors?)\b.{0,60}\b(?:in \d|passed|failed|total|skipped|pending)|^\s{0,10}(?:Tests?|Test (?:Files|Suites)|Ran \d|Found \d|Exit code|\d+ (?:failing|passing))/;

/** Some runners tell how long a file took only when it took long. */
const TOOK = / \(<duration>\)$/;

/** Masking is what takes time; an output with more different errors is told by its first. */
const MAX_LINES = 300;

/** 12 characters; the digest of no lines is one too. */
export function digestErrors(lines: readonly string[], cwd: string | null): string {
  const told = new Set<string>();
  // A failure is often told twice, and masking is what takes time.
  for (const line of new Set(lines)) {
    if (told.size >= MAX_LINES) break;
    if (SOURCE_OR_FRAME.test(line)) continue;
    if (!(PYTEST.test(line) || DIFF.test(line) || GO.test(line) || (WORDS.test(line) && !SUMMARY.test(line)))) continue;
    told.add(maskText(insideFolder(line.trim().slice(0, 500), cwd)).replace(TOOK, ''));
  }
  return digest(...[...told].sort());
}
