/** One scenario, run by what executes it, in a folder that stands for a checkout. */
import { scenarioEntrySchema } from '../../../context/schemas/scenarios.ts';
import { runWay, type WayRequest } from '../../../gate/scenarios/run-way.ts';
import { wayOf } from '../../../gate/scenarios/way.ts';

/** `entry` as in the YAML; id and name are given. */
export function exercise(folder: string, entry: Record<string, unknown>, extra: Partial<WayRequest> = {}) {
  const read = scenarioEntrySchema.parse({ id: 'S001', name: 'what it keeps', ...entry });
  const origin = { path: '.self-healing/scenarios/m.yaml', line: 1, column: 1 };
  const way = wayOf({ ...read, module: 'm', files: [], origin });
  if (way === undefined) throw new Error('Nothing executes it');
  return runWay({
    checkout: { path: folder },
    tree: '0'.repeat(40),
    at: 'fix',
    way,
    kind: 'test',
    author: 'people',
    timeoutMs: read.timeout ?? 30_000,
    env: {},
    redactIps: true,
    ...extra,
  });
}
