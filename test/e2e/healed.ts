/** What tests ask of a finished `heal --json`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Script } from '../../cli/demo/scripted-model.ts';
import type { HealResult } from '../../healer/heal.ts';
import { checkoutDigest } from './checkout.ts';
import type { ProductRun, Stage } from './stage.ts';

export interface Healed extends ProductRun {
  result: HealResult;
  /** The text of the report; empty when there is none. */
  report: string;
}

/** `heal --error <log> --json`, or with `args` in place of the error. */
export async function heal(
  stage: Stage,
  script: Script,
  args: string[] = ['--error', stage.logFile, '--yes'],
  env: Record<string, string> = {},
  input = '',
  timeoutMs?: number,
): Promise<Healed> {
  const run = await stage.run(['heal', ...args, '--json'], script, { env, input, ...(timeoutMs && { timeoutMs }) });
  if (run.timedOut || !run.stdout.startsWith('{')) throw new Error(`heal gave no result: ${run.stdout}${run.stderr}`);
  const result = JSON.parse(run.stdout) as HealResult;
  const report = result.report === null ? '' : await readFile(join(stage.root, result.report), 'utf8');
  return { ...run, result, report };
}

/** Law 5; `touches` names what a cheat changed there. */
export async function expectUntouched(stage: Stage, touches: string[] = []): Promise<void> {
  const after = await checkoutDigest(stage.root);
  const names = new Set([...Object.keys(stage.before), ...Object.keys(after)]);
  const changed = [...names].filter((name) => stage.before[name] !== after[name]);
  expect(changed, 'what changed in the main checkout').toEqual(touches);
}

/** What the model was answered, oldest first: results of tools, denials, feedback of hooks. */
export function answered({ requests }: ProductRun): string[] {
  return requests.flatMap(({ turn }) => [...turn.lastToolResults, turn.told]);
}
