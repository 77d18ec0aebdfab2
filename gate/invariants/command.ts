/** An invariant that a command checks: exit code 0 means that it holds. */
import type { CheckRun } from '../check-run.ts';
import { evidenceOf } from '../evidence.ts';
import type { Execution } from '../scenarios/execution.ts';
import type { Evidence, TreeRole } from '../verification.ts';
import type { InvariantResult, InvariantsInput } from './invariant-check.ts';

export async function judgeCommand(
  command: string,
  execution: Execution,
  input: InvariantsInput,
  evidence: Evidence[],
): Promise<InvariantResult> {
  const { checkout, trees, config } = input;
  const way = { by: 'command', command } as const;
  const timeoutMs = config.tests.timeout;
  const check = { id: 'invariant', command, way, kind: 'check', author: 'people', timeoutMs } as const;
  const runOn = async (tree: string, at: TreeRole) => {
    const run = await execution.once(check, tree, at);
    evidence.push(evidenceOf(run));
    return run;
  };
  const fix = await runOn(trees.fix, 'fix');
  if (fix.status === 'passed') return { status: 'held' };
  const base = await runOn(trees.base, 'base');
  await checkout.use(trees.fix);
  if (fix.status !== 'failed') return { status: 'cannot_run', message: `\`${command}\` ${why(fix)}` };
  if (base.status === 'passed')
    return { status: 'violated', message: `\`${command}\` ended with exit code ${fix.exit}` };
  if (base.status !== 'failed') return { status: 'cannot_run', message: `on the base \`${command}\` ${why(base)}` };
  const worse = fix.diagnostics.length > base.diagnostics.length;
  const message = `\`${command}\` ends with exit code ${base.exit} there and ${fix.exit} with the fix`;
  return { status: worse ? 'violated' : 'already_violated', message };
}

function why(run: CheckRun): string {
  if (run.status === 'timed_out') return `did not end within its time`;
  return run.reason?.message ?? `could not be run (exit code ${run.exit})`;
}
