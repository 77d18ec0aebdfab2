/**
 * Check 1, law 2: red for the incident's reason, then green. The reproduction runs three times each on B+T, on F, and on
 * B+T again, always in the same folder and without retries; then once with a diagnosed file made unloadable, which must
 * turn it red (the checks see the tree) and must not show the incident's error any more (the code throws it, not the test).
 */
import { realpath } from 'node:fs/promises';
import { inForce } from '../context/law.ts';
import type { Scenario } from '../context/schemas/scenarios.ts';
import { type JudgedCheck, type JudgedFinding, judge } from './judged-finding.ts';
import { configLine } from './lift.ts';
import { Attempt, type Candidate, type ReproductionInput, STEP_FAILURES } from './reproduction/attempt.ts';
import type { Evidence } from './verification.ts';

export interface ReproductionCheck extends JudgedCheck {
  /** Publishing then always asks a person. */
  weak: boolean;
}

export async function checkReproduction(input: ReproductionInput): Promise<ReproductionCheck> {
  const found = findReproductions(input);
  const others = input.others ?? [];
  if (found.scenarios.length === 0) return { ...judge([missing(input), ...others]), weak: false };
  const findings: JudgedFinding[] = [];
  const evidence: Evidence[] = [];
  let reproduced = 0;
  for (const scenario of found.scenarios) {
    const attempt = new Attempt(input, scenario, await realpath(input.checkout.path));
    const own = await attempt.prove();
    evidence.push(...attempt.evidence);
    // Of the steps that people declared any may be the failed one; what the fix brings must hold as a whole.
    const isCandidate = found.anyOne && own.some(({ code }) => code === 'reproduction.green_on_base');
    if (!isCandidate) findings.push(...own);
    if (!own.some(({ severity }) => severity === 'fail' || severity === 'refuse')) reproduced++;
  }
  if (reproduced === 0 && findings.length === 0) findings.push(missing(input));
  return {
    ...judge([...findings, ...others], evidence),
    weak: findings.some(({ code }) => code === 'reproduction.weak'),
  };
}

interface Found {
  scenarios: Candidate[];
  /** One of them is enough. */
  anyOne: boolean;
}

function findReproductions({ added, law, incident, diagnosis }: ReproductionInput): Found {
  const of = (scenarios: readonly Scenario[], author: 'people' | 'agent') =>
    scenarios
      .filter((scenario) => scenario.incident === incident && inForce(scenario))
      .map((scenario) => ({ scenario, author }));
  const own = of(added, 'agent');
  if (own.length > 0) return { scenarios: own, anyOne: false };
  const known = of(law.scenarios, 'people');
  if (known.length > 0) return { scenarios: known, anyOne: false };
  if (!STEP_FAILURES.has(diagnosis.failure_type)) return { scenarios: [], anyOne: false };
  const steps = law.scenarios.filter(({ kind, test_command }) => kind === 'check' && test_command !== undefined);
  return {
    scenarios: steps.filter(inForce).map((scenario) => ({ scenario, author: 'people' as const })),
    anyOne: true,
  };
}

function missing({ incident, law, diagnosis }: ReproductionInput): JudgedFinding {
  const step = STEP_FAILURES.has(diagnosis.failure_type);
  const command = law.config.tests.command || '<the command that runs your test file>';
  return {
    severity: law.config.guardrails.require_reproduction ? 'fail' : 'warn',
    code: 'reproduction.missing',
    message: step
      ? `No check of this repository fails with ${incident}, and the fix adds no scenario with \`incident: ${incident}\`.`
      : `The fix adds no scenario with \`incident: ${incident}\`, so nothing shows the error before and after it.`,
    next: step
      ? `Add a scenario (edit_context, layer "scenarios") with \`kind: check\`, \`incident: ${incident}\` and the failed step as its test_command; the command must be one that a scenario or tests.command already uses.`
      : `Write a test that fails with the incident's own error, then add a scenario (edit_context, layer "scenarios"): module, id, name, why, \`incident: ${incident}\` and a test_command that runs this test alone (${command} is how all tests run).`,
    ...(law.config.guardrails.require_reproduction
      ? { lift: configLine('guardrails', 'require_reproduction', false) }
      : {}),
  };
}

export type { ReproductionInput } from './reproduction/attempt.ts';
