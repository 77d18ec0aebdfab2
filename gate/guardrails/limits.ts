/** How large a fix may be, and whether it stays within what was diagnosed. */
import type { FailureType } from '../../context/schemas/config/limits.ts';
import type { Change } from '../changes.ts';
import { isDependencyFile } from '../dependency-files.ts';
import type { JudgedFinding } from '../judged-finding.ts';
import { configLine } from '../lift.ts';

/** What `record_diagnosis` recorded, as far as the gate judges by it. */
export interface Diagnosis {
  failure_type: FailureType;
  /** Repository-relative. */
  affected_files: readonly string[];
  /** From 0 to 1: the model's own word. */
  confidence: number;
}

export interface Limits {
  max_files_changed: number;
  max_lines_changed: number;
  confidence_threshold: number;
}

/** Source files and lines; tests and context entries are counted apart, generated lock files of a dependency issue not at all. */
export function judgeSize(
  changes: readonly Change[],
  limits: Limits,
  diagnosis: Diagnosis | undefined,
): JudgedFinding[] {
  const counted = countedSource(changes, diagnosis);
  const lines = counted.reduce((sum, change) => sum + change.added + change.removed, 0);
  const findings: JudgedFinding[] = [];
  if (counted.length > limits.max_files_changed)
    findings.push({
      severity: 'fail',
      code: 'guardrails.too_many_files',
      message: `${counted.length} source files are changed, ${limits.max_files_changed} are allowed: ${counted.map(({ path }) => path).join(', ')}.`,
      next: 'Reduce the fix to the cause.',
      lift: configLine('guardrails', 'max_files_changed', counted.length),
    });
  if (lines > limits.max_lines_changed)
    findings.push({
      severity: 'fail',
      code: 'guardrails.too_many_lines',
      message: `${lines} source lines are added or removed, ${limits.max_lines_changed} are allowed.`,
      next: 'Reduce the fix to the cause.',
      lift: configLine('guardrails', 'max_lines_changed', lines),
    });
  for (const { path } of counted.filter((change) => change.binary))
    findings.push({
      severity: 'fail',
      code: 'guardrails.binary',
      message: `${path} is changed as a binary file, whose lines cannot be counted or reviewed.`,
      file: path,
      next: 'Leave binary files as they are, and write source files as plain text. No setting lifts this.',
    });
  return findings;
}

export function judgeDiagnosis(
  changes: readonly Change[],
  limits: Limits,
  diagnosis: Diagnosis | undefined,
): JudgedFinding[] {
  if (!diagnosis)
    return [
      {
        severity: 'fail',
        code: 'guardrails.no_diagnosis',
        message: 'There is no diagnosis for this incident.',
        next: 'Call record_diagnosis with root cause, failure type, affected files and confidence.',
      },
    ];
  const findings: JudgedFinding[] = [];
  if (diagnosis.confidence < limits.confidence_threshold)
    findings.push({
      severity: 'refuse',
      code: 'guardrails.low_confidence',
      message: `The diagnosis has confidence ${diagnosis.confidence}; ${limits.confidence_threshold} is needed.`,
      next: 'Hand over with escalate: a person confirms the cause.',
      lift: configLine('guardrails', 'confidence_threshold', diagnosis.confidence),
    });
  const scope = new Set(diagnosis.affected_files.map((path) => path.replace(/^\.\//, '')));
  for (const { path } of countedSource(changes, diagnosis))
    if (!scope.has(path))
      findings.push({
        severity: 'fail',
        code: 'guardrails.outside_scope',
        message: `${path} is changed, but the diagnosis names only ${[...scope].join(', ')}.`,
        file: path,
        next: `Undo the change, or widen affected_files with record_diagnosis if ${path} is part of the cause.`,
      });
  return findings;
}

function countedSource(changes: readonly Change[], diagnosis: Diagnosis | undefined): Change[] {
  const dependencies = diagnosis?.failure_type === 'dependency_issue';
  return changes.filter(({ kind, path }) => kind === 'source' && !(dependencies && isDependencyFile(path) === 'lock'));
}
