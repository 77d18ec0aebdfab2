/**
 * The way of a new user, timed: from no plugin to a proven fix on a branch, on a TypeScript workspace and on a Python service
 * with an editable install. The real client, the real gate, a scripted model that answers at once: a real one adds its own
 * time. Allowed: 300 s of waiting for each service, times the load of the machine.
 */
import { execFileSync } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { honestFix, type Part } from '../cli/demo/play.ts';
import type { SampleName } from '../cli/demo/sample-repository.ts';
import type { Script } from '../cli/demo/scripted-model.ts';
import { PARCELS_PART, SHOP_PART } from '../test/e2e/installed-parts.ts';
import { installEditable, installWorkspaces } from '../test/e2e/installed-sample.ts';
import { CLIENT, clientEnvironment } from '../test/e2e/run-client.ts';
import { setStage } from '../test/e2e/stage.ts';

const ALLOWED_SECONDS = 300;
const PRODUCT = join(import.meta.dirname, '..');

const SERVICES: [SampleName, Part, (root: string) => Promise<void>][] = [
  ['typescript-shop', SHOP_PART, installWorkspaces],
  ['python-parcels', PARCELS_PART, installEditable],
];

for (const [sample, part, install] of SERVICES) {
  const stage = await setStage(sample, { origin: true, install });
  try {
    const load = Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());
    console.log(`\n${sample}, load ${load.toFixed(1)} per core`);
    let waited = 0;
    const step = async (typed: string, run: () => unknown) => {
      const started = performance.now();
      const ending = await run();
      const seconds = (performance.now() - started) / 1000;
      waited += seconds;
      console.log(`  ${seconds.toFixed(1).padStart(6)} s  ${typed}${ending ? `  → ${ending}` : ''}`);
    };
    const client = (...args: string[]) => {
      execFileSync(CLIENT, args, { cwd: stage.root, env: clientEnvironment(stage.home, ''), stdio: 'pipe' });
    };
    const product = async (args: string[], script?: Script) => {
      const { exit, stdout, stderr } = await stage.run([...args, '--json'], script, { timeoutMs: 600_000 });
      if (exit !== 0) throw new Error(`${args[0]} ended with ${exit}:\n${stdout}${stderr}`);
      return JSON.parse(stdout);
    };
    await step('claude plugin marketplace add <this repository>', () =>
      client('plugin', 'marketplace', 'add', PRODUCT),
    );
    await step('claude plugin install self-healing@self-healing', () =>
      client('plugin', 'install', 'self-healing@self-healing'),
    );
    await step('self-healing heal --error error.log --yes', async () => {
      const { status, branch } = await product(['heal', '--error', stage.logFile, '--yes'], honestFix(part));
      return `${status}, ${branch}`;
    });
    await step('self-healing init --yes', async () => {
      const { tried, scenarios } = await product(['init', '--yes']);
      return `${tried.status}, ${tried.counts.passed} cases, ${scenarios.length} scenarios`;
    });
    console.log(`  ${waited.toFixed(1).padStart(6)} s  in all, 4 lines typed`);
    if (waited > ALLOWED_SECONDS * load) process.exitCode = 1;
  } finally {
    await stage.remove();
  }
}
