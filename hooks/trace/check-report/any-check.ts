/**
 * What most reports have in common, for a check that no other reader knows: a word or sign of failure beside a name,
 * `file:line: error`, a list of numbered failures, and a count at the end.
 */
import { maskText } from '../../../events/mask.ts';
import { type Reading, withUnnamed } from './reading.ts';

/** The first group is the name, without durations. */
const NAMED: readonly RegExp[] = [
  // `FAIL name`, `FAILED: name`, `Failure: name`, `✗ name`, `not ok 3 - name`, `(fail) name`, `[FAIL] name`, `- FAIL: name`
  /^\s{0,12}(?:[-*] )?(?:FAIL(?:ED|URE)?\b(?!URES)[: ]|Fail(?:ed|ure)\b[: ](?! to\b)|[✗✘✖×❌⨯]️? |not ok \d* ?-? ?|\(fail\) |\[ {0,2}(?:FAIL(?:ED)?|ERROR|failed) {0,2}\] )\s{0,4}(\S.*)$/,
  // `name ... FAILED`, `name: FAILED`, `- name *** FAILED ***`, `3/9 Test #3: name ....***Failed`, `name (Failed)`
  /^\s{0,12}(?:[-*] )?(\S.*?)[\s.:*(]{1,60}(?:FAIL(?:ED)?|Failed)(?:\)|\b[ *]{0,5}(?:\(.{1,30}\)|\d[\d.]* ?\w{1,4})?)$/,
  // XCTest
  /^Test Case '(.+?)' failed\b/,
  // A numbered list of failures.
  /^\s{0,6}\d+\) (\S.*)$/,
  // shellcheck
  /^In (\S+) line \d+:$/,
];
const DIAGNOSTIC =
  /^\s{0,8}(?:\[?(?:error|ERROR)\]?:? ?)?(?:file:\/\/)?([^\s:(]{1,300}\.\w{1,12})(?::\d+(?::\d+)?|\(\d+(?:,\d+)?\)):?\s+(?!warning\b|note\b|info\b)(?:(?:fatal )?error:? ?)?(\S.*)$/i;
/** What the counts at the end count. */
const COUNT = '(?:failed|failures?|failing|fail|errors?|problems?|offen[cs]es?|violations?|issues?|FAILED)';
const COUNTS: readonly RegExp[] = [
  new RegExp(
    `(?<=^\\W{0,20}|[,(:;|] {0,3}|\\b(?:found|with|and|has|had|have|total) )(\\d{1,6}) (?:(?:tests?|specs?|checks?|examples?|cases?|assertions?) )?${COUNT}\\b`,
    'gi',
  ),
  /\b(?:failed|failures?|errors?|offen[cs]es?|violations?)[:=] ?(\d{1,6})\b/gi,
];
const TIMES = /\s*[([]?(?:after )?\d+(?:\.\d+)? ?(?:ns|µs|us|ms|s|sec|secs|seconds?)\b.?[)\]]?.*$/;
const SUMMARY = /^\W*\d+ \w+|^\*\*|^Found \d|^Test run with \d|^\[\w+\] \*\*\*|^TESTS?\b/;
const SUMMARY_LINES = 15;

/** `check`: its name, for failures without one. */
export function readAnyCheck(lines: readonly string[], check: string): Reading {
  const names: string[] = [];
  for (const line of lines) {
    const diagnostic = DIAGNOSTIC.exec(line);
    const found = diagnostic
      ? `${diagnostic[1]} ${diagnostic[2]}`
      : NAMED.flatMap((pattern) => pattern.exec(line)?.[1] ?? [])[0];
    if (found !== undefined && !SUMMARY.test(found)) names.push(nameOf(found));
  }
  const numbered = names.map((name, at) => {
    const before = names.slice(0, at).filter((other) => other === name).length;
    return before === 0 || at > MAX_NUMBERED ? name : `${name} (${before + 1})`;
  });
  return { failing: withUnnamed(numbered.length > 0 ? numbered : [check], countIn(lines)) };
}

const MAX_NUMBERED = 300;

function nameOf(found: string): string {
  return maskText(found.slice(0, 300).replace(TIMES, '')).trim();
}

/** The highest count of the summary: parts of a sum, and the sum itself, may both be told. */
function countIn(lines: readonly string[]): number {
  const end = lines.filter((line) => line.trim() !== '').slice(-SUMMARY_LINES);
  const counts = end.flatMap((line) =>
    COUNTS.flatMap((pattern) => [...line.matchAll(pattern)].map((one) => Number(one[1]))),
  );
  return Math.max(0, ...counts);
}
