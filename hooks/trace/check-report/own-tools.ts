/** The answers of our own tools: `verify_fix` and `run_scenarios`, as JSON. */
import { z } from 'zod';
import type { Reading } from './reading.ts';

const verificationSchema = z.object({
  verdict: z.enum(['pass', 'fail', 'refuse']),
  checks: z.record(
    z.string(),
    z.object({
      status: z.string(),
      findings: z.array(z.object({ code: z.string(), file: z.string().optional(), message: z.string() })),
    }),
  ),
});
const scenariosSchema = z.object({
  scenarios: z.array(z.object({ id: z.string(), status: z.string(), tail: z.string().catch('') })),
});

/** Of the statuses of a scenario, those that a fix has to turn: what fails on the base as well is not its. */
const FAILING_SCENARIO = new Set(['failed', 'timed_out', 'error']);

export interface OwnReading extends Reading {
  /** The lines that say what is wrong. */
  errors: string[];
}

/** Null when the tool refused, or its answer was cut. */
export function readOwnTool(tool: string, output: string): OwnReading | null {
  if (tool !== 'verify_fix' && tool !== 'run_scenarios') return null;
  let answer: unknown;
  try {
    answer = JSON.parse(output);
  } catch {
    return null;
  }
  return tool === 'verify_fix' ? ofVerification(answer) : ofScenarios(answer);
}

function ofVerification(answer: unknown): OwnReading | null {
  const read = verificationSchema.safeParse(answer);
  if (!read.success) return null;
  const blocking = Object.entries(read.data.checks).filter(
    ([, { status }]) => status === 'fail' || status === 'refuse',
  );
  const findings = blocking.flatMap(([, check]) => check.findings);
  return {
    failing: [
      ...blocking.filter(([, check]) => check.findings.length === 0).map(([name]) => name),
      ...findings.map(({ code, file }) => (file === undefined ? code : `${code} ${file}`)),
    ],
    errors: findings.map(({ message }) => `error: ${message}`),
  };
}

function ofScenarios(answer: unknown): OwnReading | null {
  const read = scenariosSchema.safeParse(answer);
  if (!read.success) return null;
  const failing = read.data.scenarios.filter(({ status }) => FAILING_SCENARIO.has(status));
  return { failing: failing.map(({ id }) => id), errors: failing.flatMap(({ tail }) => tail.split('\n')) };
}
