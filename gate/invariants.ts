/**
 * Check 3: rules that no fix may break. Each is judged on the fix, and on the base when it is violated, so that what was
 * already wrong there is named as such. A rule that cannot be checked blocks when it is critical.
 */
import { matches } from '../context/path-rules.ts';
import { executableCheck, type Invariant } from '../context/schemas/invariants.ts';
import type { Change } from './changes.ts';
import { judgeCommand } from './invariants/command.ts';
import { judgeExports } from './invariants/exports.ts';
import type { InvariantResult, InvariantsInput } from './invariants/invariant-check.ts';
import { judgePattern } from './invariants/pattern.ts';
import { regexSearch } from './invariants/regex-search.ts';
import { structuralSearch } from './invariants/structural-search.ts';
import { type JudgedCheck, type JudgedFinding, judge } from './judged-finding.ts';
import { entryLine } from './lift.ts';
import { Execution } from './scenarios/execution.ts';
import type { Evidence } from './verification.ts';

export async function checkInvariants(input: InvariantsInput): Promise<JudgedCheck> {
  const findings: JudgedFinding[] = [];
  const evidence: Evidence[] = [];
  const execution = new Execution(input);
  await input.checkout.use(input.trees.fix);
  for (const invariant of input.invariants) {
    if (!executableCheck(invariant)) continue;
    findings.push(...report(invariant, await judgeOne(invariant, execution, input, evidence)));
  }
  return judge([...findings, ...unproven(input)], evidence);
}

async function judgeOne(
  invariant: Invariant,
  execution: Execution,
  input: InvariantsInput,
  evidence: Evidence[],
): Promise<InvariantResult> {
  const check = executableCheck(invariant);
  if (check?.command !== undefined) return judgeCommand(check.command, execution, input, evidence);
  if (check?.pattern) {
    const { regex, language, rule, must } = check.pattern;
    const search =
      language !== undefined && rule !== undefined ? structuralSearch({ language, rule }) : regexSearch(regex ?? '');
    return 'status' in search ? search : judgePattern({ search, must, files: invariant.files }, input);
  }
  if (check?.unchanged?.paths !== undefined) return judgeUnchanged(check.unchanged.paths, input.changes);
  if (check?.unchanged?.exports !== undefined) return judgeExports(check.unchanged.exports, input);
  throw new Error(`invariant ${invariant.id} has no executable check`);
}

function judgeUnchanged(paths: readonly string[], changes: readonly Change[]): InvariantResult {
  const touched = changes.find(({ path }) => matches(paths, path));
  return touched
    ? { status: 'violated', message: `${touched.path} may not change`, file: touched.path }
    : { status: 'held' };
}

function report(invariant: Invariant, result: InvariantResult): JudgedFinding[] {
  const { id, rule, severity, origin } = invariant;
  const critical = severity === 'critical';
  const place = (at: { file?: string; line?: number }) => ({
    ...(at.file === undefined ? {} : { file: at.file }),
    ...(at.line === undefined ? {} : { line: at.line }),
  });
  switch (result.status) {
    case 'held':
      return [];
    case 'violated':
      return [
        {
          severity: critical ? 'refuse' : 'warn',
          code: 'invariants.violated',
          message: `${critical ? 'Critical invariant' : 'Invariant'} ${id} is violated (${rule}): ${result.message}.`,
          ...place(result),
          next: critical
            ? 'Hand over; no fix may break a critical invariant.'
            : `Reconsider the change; ${id} is written at ${origin.path}:${origin.line}.`,
          ...(critical ? { lift: entryLine(id, origin, 'severity', 'warning') } : {}),
        },
      ];
    case 'already_violated':
      return [
        {
          severity: 'warn',
          code: 'invariants.already_violated',
          message: `${id} is already violated on the base (${rule}): ${result.message}.`,
          ...place(result),
          next: `It does not block this fix; a person should look at it, or at the rule (${origin.path}:${origin.line}).`,
        },
      ];
    case 'cannot_run':
      return [
        {
          severity: critical ? 'fail' : 'warn',
          code: 'invariants.cannot_run',
          message: `${id} could not be checked (${rule}): ${result.message}.`,
          file: origin.path,
          line: origin.line,
          next: critical
            ? (result.next ??
              'Hand over: a critical invariant has to be checked, and its check is for a person to correct.')
            : `Nothing to do in this fix; ${result.next ?? 'its check is for a person to correct.'}`,
          ...(critical ? { lift: entryLine(id, origin, 'severity', 'warning') } : {}),
        },
      ];
    default:
      throw new Error(`unknown result ${JSON.stringify(result satisfies never)}`);
  }
}

/** Prose is never passed: it is named, where it is about what was changed. */
function unproven({ invariants, changes }: InvariantsInput): JudgedFinding[] {
  const prose = invariants.filter(
    (invariant) =>
      !executableCheck(invariant) &&
      (invariant.files.length === 0 || changes.some(({ path }) => matches(invariant.files, path))),
  );
  if (prose.length === 0) return [];
  return [
    {
      severity: 'warn',
      code: 'invariants.unproven',
      message: `Nothing checks ${prose.map(({ id, rule }) => `${id} (${rule})`).join(', ')}: unproven.`,
      next: 'A reviewer should hold the change against them; a check (command, pattern or unchanged) would prove them.',
    },
  ];
}
