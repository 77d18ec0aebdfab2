/** An incident at each gate, in a repository whose settings ask. */
import { propose } from '../../../healer/fixes/propose.ts';
import { verifyFix } from '../../../healer/fixes/verify-fix.ts';
import { reportError } from '../../../healer/incidents/report-error.ts';
import type { Workbench } from '../../../healer/workbench.ts';
import { ERROR, healHonestly, PROJECT, started, WORDS } from '../sample-fix.ts';

/** `approval` and `notify` as lines of YAML. */
export function settingsWith(lines: string): string {
  return `version: "1.0"\ntests: { command: node --test }\nintake: { settle: 1h, settle_max: 1h }\n${lines}\n`;
}

export async function awaitingStart(bench: Workbench, text = ERROR): Promise<string> {
  const { incident, status } = await reportError(bench, { text });
  if (status !== 'awaiting_start') throw new Error(`It is ${status}: approval.start has to be ask`);
  return incident;
}

/** Proven by another process, so that whoever serves has to prove it again. */
export async function awaitingPublish(config: string) {
  const sample = await started({}, { ...PROJECT, '.self-healing/config.yaml': config });
  const { bench, incident, fix, repository } = sample;
  await healHonestly(bench, fix);
  await verifyFix(bench, incident);
  const proposed = await propose(bench, { incident, ...WORDS });
  if (proposed.status !== 'awaiting_approval') throw new Error(`It is ${proposed.status}`);
  const tree = bench.db.get<{ tree: string }>('SELECT tree FROM verifications ORDER BY seq DESC LIMIT 1')?.tree ?? '';
  return { incident, repository, tree, bench };
}
