/**
 * Findings of compilers, type checkers and linters, each named by its file and its rule, or its message where it has no
 * rule. Line numbers are left out: an edit above moves them. Warnings are no failure.
 */
import { maskText } from '../../../events/mask.ts';
import { type ReadsReport, withUnnamed } from './reading.ts';

const FILE = '(?<file>[^\\s(:][^(:]{0,300})';
/** What each of the lines below has; most lines of an output do not. */
const PLACE = /:\[?\d|\(\d|━/;
/** One line tells all: file, place, rule. */
const ONE_LINE: readonly RegExp[] = [
  // tsc, msbuild (dotnet build): `a.ts(1,7): error TS2322: …`; tsc --pretty: `a.ts:1:7 - error TS2322: …`
  new RegExp(`^\\s{0,20}${FILE}\\(\\d+,\\d+\\): error (?<rule>[A-Z]+\\d+):`),
  new RegExp(`^${FILE}:\\d+:\\d+ - error (?<rule>[A-Z]+\\d+):`),
  // mypy: `a.py:3: error: …  [assignment]`
  new RegExp(`^${FILE}:\\d+(?::\\d+)?: error: .*?\\s\\s?\\[(?<rule>[\\w-]+)\\]$`),
  // ruff, flake8: `a.py:1:8: F401 …`
  new RegExp(`^${FILE}:\\d+:\\d+: (?<rule>[A-Z]{1,4}\\d{2,5}) `),
  // biome: `a.js:1:28 lint/suspicious/noDoubleEquals  FIXABLE  ━━━`; `a.js format ━━━`
  new RegExp(`^${FILE}:\\d+:\\d+ (?<rule>(?:lint|assist|parse|suppressions)\\b[\\w/]*) .*━`),
  new RegExp(`^${FILE} (?<rule>format|organizeImports|parse) ━`),
  // javac, kotlinc, Maven: `[ERROR] /a/B.java:[12,5] cannot find symbol`; `B.java:12: error: …`
  new RegExp(`^\\[ERROR\\] ${FILE}:\\[\\d+,\\d+\\] (?<message>.+)$`),
  new RegExp(`^(?:e: )?${FILE}:\\d+(?::\\d+)?: (?:fatal )?error: (?<message>.+)$`),
  // kotlinc: `e: file:///a/B.kt:20:9 …`; scalac in sbt: `[error] /a/B.scala:3:5: …`
  new RegExp(`^(?:e: |\\[error\\] (?:\\[E\\d+\\] )?)(?:file://)?${FILE}:\\d+:\\d+:? (?<message>\\S.*)$`),
  // golangci-lint: `a.go:3:5: … (errcheck)`
  /^(?<file>[^\s:]{1,300}\.go):\d+:\d+: .*? \((?<rule>[a-z]{2,30})\)$/,
];
/** eslint: the file stands above its findings. */
const ESLINT = /^\s+\d+:\d+\s+error\s+(?<message>\S.*?)(?:\s{2,}(?<rule>[@\w/-]+))?$/;
const HEADING = /^(?:\/|[A-Za-z]:\\|\.{0,2}\/)?[^\s:]\S{0,300}\.\w{1,10}$/;
/** go build, go vet: below the name of the package; a Go program's own log has the same form. */
const GO_PACKAGE = /^# \S/;
const GO = /^(?:vet: )?(?<file>[^\s:]{1,300}\.go):\d+(?::\d+)?: (?<message>.+)$/;
/** rustc and `ruff check` in full: the place stands below the finding. */
const ABOVE = /^(?:error(?:\[(?<rust>E\d+)\])?: (?<message>\S.*)|(?<ruff>[A-Z]{1,4}\d{2,5}) (?:\[\*\] )?\S.*)$/;
const BELOW = /^\s{1,6}--> (?<file>[^:\s]{1,300}):\d+:\d+$/;
const GREEN =
  /^(?:All checks passed!|Success: no issues found in |Found 0 errors|Checked \d+ files? in |✔ No |no problems found$)/;
const COUNT = /^(?:✖ \d+ problems? \(|Found |\[error\] )?(\d+) errors?(?:\b.{0,80})?$/;

export const readDiagnostics: ReadsReport = (lines) => {
  const found: string[] = [];
  let heading = '';
  let isGo = false;
  let above: Record<string, string | undefined> | undefined;
  for (const line of lines) {
    isGo ||= GO_PACKAGE.test(line);
    const whole = oneLine(line) ?? (isGo ? GO.exec(line)?.groups : undefined);
    const listed = heading === '' ? undefined : ESLINT.exec(line)?.groups;
    const below = above && BELOW.exec(line)?.groups?.file;
    if (whole) found.push(nameOf(whole));
    else if (listed) found.push(nameOf({ ...listed, file: heading }));
    else if (above && below)
      found.push(nameOf({ file: below, rule: above.rust ?? above.ruff, message: above.message }));
    if (HEADING.test(line)) heading = line;
    else if (line.trim() === '') heading = '';
    above = ABOVE.exec(line)?.groups ?? (below || line.trim() === '' ? undefined : above);
  }
  // Of more than the output shows (`| tail`), the count tells.
  if (found.length > 0) return { failing: withUnnamed(numbered(found), told(lines)) };
  return lines.some((line) => GREEN.test(line)) ? { failing: [] } : null;
};

function told(lines: readonly string[]): number {
  return Number(lines.findLast((line) => COUNT.test(line))?.match(COUNT)?.[1] ?? 0);
}

function oneLine(line: string): Record<string, string | undefined> | undefined {
  if (!PLACE.test(line)) return undefined;
  for (const pattern of ONE_LINE) {
    const found = pattern.exec(line)?.groups;
    if (found) return found;
  }
  return undefined;
}

function nameOf({ file = '', rule, message = '' }: Record<string, string | undefined>): string {
  return `${file.replace(/^\.\//, '').trim()} ${rule ?? maskText(message.trim())}`;
}

/** Several of one kind in one file: each counts, so that fewer of them show as fewer. */
function numbered(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  return names.map((name) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}
