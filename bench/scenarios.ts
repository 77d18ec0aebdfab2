/**
 * What running scenarios costs beyond the scenarios, as ratios to what was measured in the same run:
 *
 * - 40 scenarios of one second, two at a time: wall time over the ideal of 20 seconds. Allowed: 1.1 times.
 * - Per scenario, one after another: what is added to a bare spawn of the same line. Allowed: 30 ms.
 * - A second verification that is only advice, of the same tree: what remains beyond the reproduction's own runs. Allowed: 1 s.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLaw } from '../context/law.ts';
import { openRepository } from '../context/repository.ts';
import { defaultConfig } from '../context/schemas/config.ts';
import { normalize } from '../events/normalize.ts';
import { openCheckout } from '../gate/checkout.ts';
import { explain } from '../gate/explain.ts';
import { digestMainCheckout } from '../gate/main-checkout.ts';
import { Execution } from '../gate/scenarios/execution.ts';
import type { RunnableScenario } from '../gate/scenarios/order.ts';
import { verify } from '../gate/verify.ts';
import { write } from '../test/write.ts';

const ALLOWED = { parallel: 1.1, overheadMs: 30, secondSeconds: 1 };
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'bench-scenarios-')));
const root = join(folder, 'shop');
process.env.SELF_HEALING_HOME = join(folder, 'home');

const TENANT = 'export function tenantOf(request) {\n  return request.user.tenantId;\n}\n';
const ERROR = `TypeError: Cannot read properties of undefined (reading 'tenantId')
    at tenantOf (${root}/src/tenant.js:2:23)
`;
const testOf = (given: string, expected: string) =>
  `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { tenantOf } from '../src/tenant.js';\n\ntest('tells the tenant of ${given.length}', () => {\n  assert.equal(tenantOf(${given}), ${expected});\n});\n`;

function git(cwd: string, ...args: string[]): string {
  const own = ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost'];
  return execFileSync('git', [...own, ...args], { cwd, encoding: 'utf8' }).trim();
}

async function seconds(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function median(of: readonly number[]): number {
  return [...of].sort((a, b) => a - b)[Math.floor(of.length / 2)] ?? Number.NaN;
}

function report(name: string, actual: number, allowed: number, unit: string, details: string): void {
  const broken = !(actual <= allowed);
  console.log(`${name}: ${actual.toFixed(3)}${unit} (allowed ${allowed}${unit})${broken ? ' BROKEN' : ''}; ${details}`);
  if (broken) process.exitCode = 1;
}

function lines(count: number, line: (n: number) => string): RunnableScenario[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `S${n + 1}`,
    command: line(n),
    way: { by: 'command' as const, command: line(n) },
    kind: 'check' as const,
    timeoutMs: 60_000,
    author: 'people' as const,
  }));
}

async function execution(
  jobs: number,
): Promise<{ run: (of: RunnableScenario[]) => Promise<void>; close: () => Promise<void> }> {
  const config = defaultConfig();
  config.tests.jobs = jobs;
  const checkout = await openCheckout({ repository: await openRepository(root), config: config.worktree, base });
  const tree = git(root, 'rev-parse', `${base}^{tree}`);
  return {
    run: async (scenarios) => {
      const runs = await new Execution({ checkout, config, environmentKey: '' }).onTree(scenarios, tree, 'base');
      const wrong = [...runs.values()].filter(({ status }) => status !== 'passed');
      if (runs.size !== scenarios.length || wrong.length > 0)
        throw new Error(
          `${runs.size} runs, ${wrong.length} not passed: ${wrong[0]?.reason?.message ?? wrong[0]?.tail}`,
        );
    },
    close: () => checkout.close(),
  };
}

async function measureParallel(): Promise<void> {
  const { run, close } = await execution(2);
  await run(lines(2, (n) => `: warm ${n}`)); // both lanes are made once for a verification
  const wall = await seconds(() => run(lines(40, (n) => `sleep 1 # ${n}`)));
  await close();
  report('two at a time', wall / 20, ALLOWED.parallel, ' ×', `40 scenarios of 1 s took ${wall.toFixed(2)} s`);
}

async function measureOverhead(): Promise<void> {
  const { run, close } = await execution(1);
  await run(lines(1, () => ': warm'));
  const times = 21;
  const bare: number[] = [];
  const ours: number[] = [];
  // In turns, so that a busy machine is as busy for one as for the other.
  for (let time = 0; time < times; time++) {
    bare.push(await seconds(() => spawnSync('/bin/sh', ['-c', `: ${time}`])));
    ours.push(await seconds(() => run(lines(1, () => `: ${time}`))));
  }
  await close();
  const added = (median(ours) - median(bare)) * 1000;
  const details = `${(median(ours) * 1000).toFixed(1)} ms against ${(median(bare) * 1000).toFixed(1)} ms bare (medians of ${times})`;
  report('per scenario', added, ALLOWED.overheadMs, ' ms', details);
}

async function measureSecond(): Promise<void> {
  const worktree = join(folder, 'worktree');
  git(root, 'worktree', 'add', '--quiet', '--detach', worktree);
  const [event] = normalize('log', ERROR, { now: new Date(), root });
  if (!event) throw new Error('the error was not read');
  const incident = { id: `INC-${event.fingerprint}`, event };
  write(worktree, {
    'src/tenant.js': TENANT.replace('request.user.tenantId', 'request.user?.tenantId ?? null'),
    'test/anonymous.test.js': testOf('{}', 'null'),
    '.self-healing/scenarios/tenant.yaml': `version: "1.0"\nmodule: tenant\nscenarios:\n  - id: S001\n    name: no user, no tenant\n    incident: ${incident.id}\n    test_command: node --test test/anonymous.test.js\n`,
  });
  const repository = await openRepository(root);
  const law = await readLaw(repository, { commit: base });
  const digest = await digestMainCheckout(repository, { links: [] });
  const kept = new Map<string, string>();
  const cache = {
    get: (key: string): unknown => JSON.parse(kept.get(key) ?? 'null'),
    set: (key: string, value: unknown) => void kept.set(key, JSON.stringify(value)),
  };
  const once = async (): Promise<{ wall: number; reproduction: number; commands: number }> => {
    let commands = 0;
    const start = performance.now();
    const { verification } = await verify({
      repository,
      law,
      base,
      folder: worktree,
      incident,
      diagnosis: { affected_files: ['src/tenant.js'], failure_type: 'runtime_error', confidence: 0.9 },
      main: { digest, links: [] },
      cache,
      iteration: 1,
      onProgress: ({ step }) => {
        if (step === 'command') commands++;
      },
    });
    const wall = (performance.now() - start) / 1000;
    if (verification.verdict !== 'pass') throw new Error(explain(verification));
    const { evidence } = verification.checks.reproduction;
    return { wall, reproduction: evidence.reduce((sum, { seconds: of }) => sum + of, 0), commands };
  };
  const first = await once();
  const again = [await once(), await once(), await once()];
  const details = `the first took ${first.wall.toFixed(2)} s with ${first.commands} commands, the next ${again.map(({ wall, commands }) => `${wall.toFixed(2)} s with ${commands}`).join(', ')}`;
  const rest = median(again.map(({ wall, reproduction }) => wall - reproduction));
  report('second advice, beyond the reproduction', rest, ALLOWED.secondSeconds, ' s', details);
}

write(root, {
  'package.json': '{ "name": "shop", "type": "module" }\n',
  'src/tenant.js': TENANT,
  'test/tenant.test.js': testOf('{ user: { tenantId: 7 } }', '7'),
  '.self-healing/config.yaml': 'version: "1.0"\ntests:\n  command: node --test\n',
});
git(root, 'init', '--quiet', '-b', 'main');
git(root, 'add', '-A');
git(root, 'commit', '--quiet', '-m', 'base');
const base = git(root, 'rev-parse', 'HEAD');
try {
  await measureParallel();
  await measureOverhead();
  await measureSecond();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
