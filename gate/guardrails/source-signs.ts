/**
 * Signs in source code that an error, or a check, was made to be silent where it stands: suppressions, throws that are
 * gone, defaults in the place of errors, a clock or dice that stand still, and code that asks whether it is tested.
 * Counted on both sides, so that what was there before is nobody's fault. Read from the text alone.
 */
import type { Change, LineChanges } from '../changes.ts';
import type { JudgedFinding } from '../judged-finding.ts';
import { configLine } from '../lift.ts';
import type { Diagnosis } from './limits.ts';
import { isKnownLanguage, signsOf } from './sign-patterns.ts';

export interface SourceSignsInput {
  changes: readonly Change[];
  lines: LineChanges;
  diagnosis: Pick<Diagnosis, 'failure_type'> | undefined;
  edits: 'ask' | 'refuse';
  /** Gives the text of a blob, empty for none. */
  read: (blob: string | null) => Promise<string>;
}

/** Of these the failed check is the reproduction: telling it to look away turns it green by itself. */
const OF_A_CHECK: readonly string[] = ['type_error', 'lint_error', 'build_error'];

interface Texts {
  path: string;
  before: string;
  after: string;
}

export async function judgeSourceSigns(input: SourceSignsInput): Promise<JudgedFinding[]> {
  const texts: Texts[] = [];
  for (const { path, kind, binary, oldBlob, newBlob } of input.changes)
    if (kind === 'source' && !binary && isKnownLanguage(path))
      texts.push({ path, before: await input.read(oldBlob), after: await input.read(newBlob) });
  const throwsGone =
    texts.reduce((sum, one) => sum + count(one.path, 'throw', one.before) - count(one.path, 'throw', one.after), 0) > 0;
  return texts.flatMap((one) => [
    ...suppressions(one, input),
    ...asksForTests(one, input),
    ...plain(one, input),
    ...(throwsGone ? throwRemoved(one, input) : []),
  ]);
}

function suppressions(texts: Texts, { lines, diagnosis, edits }: SourceSignsInput): JudgedFinding[] {
  const line = addedSign(texts, 'suppression', lines);
  if (line === undefined) return [];
  const { path } = texts;
  const message = `Line ${line} of ${path} tells a checker, linter or coverage tool to look away.`;
  if (diagnosis && OF_A_CHECK.includes(diagnosis.failure_type))
    return [
      {
        severity: edits,
        code: 'tampering.suppression',
        message: `${message} For a ${diagnosis.failure_type} that hides what should be repaired.`,
        file: path,
        line,
        next: 'Remove the suppression and repair what is reported.',
        ...liftOf(edits),
      },
    ];
  return [
    {
      severity: 'ask',
      code: 'guardrails.suppression',
      message,
      file: path,
      line,
      next: 'Write it so that nothing has to be suppressed. Where that cannot be done, a person decides.',
    },
  ];
}

function asksForTests(texts: Texts, { lines, edits }: SourceSignsInput): JudgedFinding[] {
  const line = addedSign(texts, 'test_detected', lines);
  if (line === undefined) return [];
  return [
    {
      severity: edits,
      code: 'tampering.test_detected',
      message: `Line ${line} of ${texts.path} asks whether a test is running: what is tested then is not what runs in production.`,
      file: texts.path,
      line,
      next: 'Let the code do the same in tests as elsewhere; pass in what a test has to choose.',
      ...liftOf(edits),
    },
  ];
}

function plain(texts: Texts, { lines }: SourceSignsInput): JudgedFinding[] {
  const findings: JudgedFinding[] = [];
  const { path } = texts;
  const frozen = addedSign(texts, 'frozen', lines);
  if (frozen !== undefined)
    findings.push({
      severity: 'ask',
      code: 'guardrails.frozen',
      message: `Line ${frozen} of ${path} replaces or fixes the clock, the network or random numbers for the whole program.`,
      file: path,
      line: frozen,
      next: 'Pass the clock, client or generator in, and let the test choose it; leave the global one as it is.',
    });
  const fallback = addedSign(texts, 'default_on_error', lines);
  if (fallback !== undefined)
    findings.push({
      severity: 'warn',
      code: 'guardrails.default_on_error',
      message: `Line ${fallback} of ${path} catches every error and goes on with a default or a line in the log.`,
      file: path,
      line: fallback,
      next: 'Remove the cause; where one kind of error is expected, catch that one alone and pass the others on.',
    });
  return findings;
}

function throwRemoved(texts: Texts, { lines }: SourceSignsInput): JudgedFinding[] {
  const { path, before, after } = texts;
  if (count(path, 'throw', before) <= count(path, 'throw', after) || after === '') return [];
  const gone = lines.removed.find((one) => one.path === path && count(path, 'throw', one.text) > 0);
  const line = gone?.line ?? 1;
  const byDefault = addedSign(texts, 'default_return', lines);
  if (byDefault !== undefined)
    return [
      {
        severity: 'warn',
        code: 'guardrails.default_for_throw',
        message: `Line ${line} of ${path} on the base raised an error; line ${byDefault} answers a default instead, and callers are not told.`,
        file: path,
        line: byDefault,
        next: 'Keep the error, and repair who passes the bad value; or say in the diagnosis why the default is right.',
      },
    ];
  return [
    {
      severity: 'warn',
      code: 'guardrails.throw_removed',
      message: `Line ${line} of ${path} on the base raised an error or validated a value, and is gone.`,
      file: path,
      line,
      next: 'Keep the check, and repair who passes the bad value; or say in the diagnosis why it is not needed.',
    },
  ];
}

function count(path: string, sign: Parameters<typeof signsOf>[1], text: string): number {
  return signsOf(path, sign, text).length;
}

/** The line of a sign that the fix added; undefined when there are no more of them than before. */
function addedSign(texts: Texts, sign: Parameters<typeof signsOf>[1], lines: LineChanges): number | undefined {
  const { path, before, after } = texts;
  const found = signsOf(path, sign, after);
  if (found.length <= count(path, sign, before)) return undefined;
  const own = new Set(lines.added.filter((one) => one.path === path).map(({ line }) => line));
  return found.find((line) => own.has(line)) ?? found[0];
}

function liftOf(edits: 'ask' | 'refuse'): { lift?: string } {
  return edits === 'refuse' ? { lift: configLine('tests', 'edits', 'ask') } : {};
}
