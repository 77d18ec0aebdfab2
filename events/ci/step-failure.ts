/** What one step of a CI failed by, and the five kinds that are told apart. */
import type { StackFrame } from '../stack/block.ts';

export type StepFailureKind = 'build_error' | 'test_failure' | 'lint_error' | 'type_error' | 'dependency_issue';

export interface StepFailure {
  kind: StepFailureKind;
  /** The error's name, or the code of a rule; empty when it has none. */
  type: string;
  message: string;
  /** Innermost first; empty when only a place is known. */
  frames: StackFrame[];
  place?: { file: string; line?: number | undefined; column?: number | undefined } | undefined;
  /** The case of a test that failed. */
  test?: string | undefined;
  /** How many more of the kind the step tells. */
  others: number;
}

/** A test that failed, as its runner told it. */
export type TestFailure = Omit<StepFailure, 'kind' | 'others'>;

/** By the name of a step or what it ran: the last resort, where the output itself leaves it open. */
export function kindByName(name: string): StepFailureKind {
  if (/\b(?:lint|eslint|biome|prettier|format|ruff|flake8|pylint|clippy|golangci|go vet)/i.test(name))
    return 'lint_error';
  if (/\b(?:type-?check|types?|tsc|mypy|pyright)\b/i.test(name)) return 'type_error';
  if (/\b(?:npm (?:ci|i|install)|yarn install|pnpm i|pip install|install dependenc|poetry install)/i.test(name))
    return 'dependency_issue';
  if (/\b(?:tests?|vitest|jest|mocha|pytest|spec)\b/i.test(name)) return 'test_failure';
  return 'build_error';
}
