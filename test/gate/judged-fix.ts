/** A real repository with a base and a fix, its four trees, and the gate's own checkout: what the checks are given. */
import { afterEach } from 'vitest';
import { defaultConfig } from '../../context/schemas/config.ts';
import type { Scenario } from '../../context/schemas/scenarios.ts';
import { eventSchema } from '../../events/event.ts';
import { classifier } from '../../gate/change-kind.ts';
import { type Change, changesBetween } from '../../gate/changes.ts';
import { type Checkout, openCheckout } from '../../gate/checkout.ts';
import { composeTrees } from '../../gate/compose.ts';
import { openWorkspace } from '../../gate/workspace.ts';
import { commit, run, sampleRepository } from '../healer/sample-repository.ts';

export const INCIDENT = 'INC-1a2b3c4d5e6f7890';

const open: Checkout[] = [];
afterEach(async () => {
  for (const checkout of open.splice(0)) await checkout.close();
});

export interface JudgedFixOptions {
  /** What production runs, when it is older than the base. */
  release?: Record<string, string>;
  base: Record<string, string>;
  fix: Record<string, string>;
  event?: Record<string, unknown>;
  command?: string;
}

export async function judgedFix(options: JudgedFixOptions) {
  const first = { '.gitignore': 'node_modules\n', ...(options.release ?? options.base) };
  const sample = await sampleRepository(first);
  const baseCommit = options.release ? commit(sample.root, options.base, 'base') : sample.base;
  const fixCommit = commit(sample.root, options.fix, 'fix');
  const config = defaultConfig();
  config.tests.command = options.command ?? 'npm test';
  config.tests.timeout = 60_000;
  const workspace = await openWorkspace(sample.repository);
  const tree = (id: string) => run(sample.root, 'rev-parse', `${id}^{tree}`);
  const [base, fix] = [tree(baseCommit), tree(fixCommit)];
  const classify = classifier(config.tests.paths);
  const changes: Change[] = await changesBetween(workspace, base, fix, classify);
  const checkout = await openCheckout({ repository: sample.repository, base: baseCommit, config: config.worktree });
  open.push(checkout);
  const event = eventSchema.parse({
    id: 'e1',
    source: 'log',
    actionable: true,
    severity: 'high',
    type: 'TypeError',
    message: "Cannot read properties of undefined (reading 'tenantId')",
    file: 'src/tenant.js',
    frames: [{ file: 'src/tenant.js', line: 2, function: 'tenantOf', in_app: true }],
    first_seen: '2026-11-20T10:00:00Z',
    last_seen: '2026-11-20T10:00:00Z',
    count: 1,
    fingerprint: '1a2b3c4d5e6f7890',
    received_at: '2026-11-20T10:00:00Z',
    ...options.event,
  });
  return {
    ...sample,
    law: { config, scenarios: [] as Scenario[] },
    trees: await composeTrees(workspace, base, fix, changes),
    ...(options.release
      ? {
          release: { name: 'v1.4.0', tree: (await composeTrees(workspace, tree(sample.base), fix, changes)).baseTests },
        }
      : {}),
    changes,
    classify,
    checkout,
    event,
  };
}

export function scenario(id: string, extra: Partial<Scenario> = {}): Scenario {
  return {
    id,
    name: `what ${id} keeps`,
    kind: 'test',
    why: '',
    constraint: '',
    tags: [],
    module: 'tenant',
    files: ['src/tenant.js'],
    origin: { path: '.self-healing/scenarios/tenant.yaml', line: 5, column: 5 },
    ...extra,
  };
}
