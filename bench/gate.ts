/**
 * What the gate adds to the commands it has to run: wall time of one whole verification (trees, checkout, import graph,
 * judging) over the time the same commands take bare, one after another, in a plain checkout. Allowed: 1.15 times.
 *
 * The repository has 300 source files and a suite of about two seconds; the fix is honest, the verdict is `pass`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLaw } from '../context/law.ts';
import { openRepository } from '../context/repository.ts';
import { normalize } from '../events/normalize.ts';
import { explain } from '../gate/explain.ts';
import { digestMainCheckout } from '../gate/main-checkout.ts';
import { verify } from '../gate/verify.ts';
import { write } from '../test/write.ts';

const ALLOWED = 1.15;
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'bench-gate-')));
const root = join(folder, 'shop');

const TENANT = `export function tenantOf(request) {
  return request.user.tenantId;
}
`;
const ERROR = `TypeError: Cannot read properties of undefined (reading 'tenantId')
    at tenantOf (${root}/src/tenant.js:2:23)
    at page (${root}/src/page.js:4:10)
`;
const testOf = (name: string, body: string) =>
  `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { tenantOf } from '../src/tenant.js';\n\n${body.replaceAll('NAME', name)}\n`;
const SLOW_CASE = `test('NAME tells the tenant', async () => {
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(tenantOf({ user: { tenantId: 7 } }), 7);
});`;

function git(cwd: string, ...args: string[]): void {
  execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...args], { cwd, stdio: 'pipe' });
}

function repositoryFiles(): Record<string, string> {
  const files: Record<string, string> = {
    'package.json': '{ "name": "shop", "type": "module" }\n',
    'src/tenant.js': TENANT,
    'src/page.js':
      "import { tenantOf } from './tenant.js';\n\nexport function page(request) {\n  return String(tenantOf(request));\n}\n",
    '.self-healing/config.yaml': 'version: "1.0"\ntests:\n  command: node --test\n',
  };
  for (let n = 0; n < 300; n++)
    files[`src/modules/m${n}.js`] =
      `${n > 0 ? `import { number as before } from './m${n - 1}.js';\nexport { before };\n` : ''}export const number = ${n};\n`;
  for (let n = 0; n < 6; n++) files[`test/case${n}.test.js`] = testOf(`case ${n}`, SLOW_CASE);
  return files;
}

function seconds(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

function median(of: readonly number[]): number {
  return [...of].sort((a, b) => a - b)[Math.floor(of.length / 2)] ?? Number.NaN;
}

/** The commands as a person would run them: with the environment they need and nothing around them. */
function bare(command: string, cwd: string): number {
  const [program = '', ...args] = command.split(' ');
  return seconds(() => {
    try {
      execFileSync(program, args, { cwd, stdio: 'pipe', env: { PATH: process.env.PATH ?? '', HOME: folder, CI: '1' } });
    } catch {
      // A red run is what some of them are for; it takes its time all the same.
    }
  });
}

try {
  write(root, repositoryFiles());
  git(root, 'init', '--quiet', '-b', 'main');
  git(root, 'add', '-A');
  git(root, 'commit', '--quiet', '-m', 'base');
  const worktree = join(folder, 'worktree');
  git(root, 'worktree', 'add', '--quiet', '--detach', worktree);
  const [event] = normalize('log', ERROR, { now: new Date(), root });
  if (!event) throw new Error('the error was not read');
  const incident = `INC-${event.fingerprint}`;
  write(worktree, {
    'src/tenant.js': TENANT.replace('request.user.tenantId', 'request.user?.tenantId ?? null'),
    'test/anonymous.test.js': testOf(
      'anonymous',
      "test('NAME has no tenant', () => {\n  assert.equal(tenantOf({}), null);\n});",
    ),
    '.self-healing/scenarios/tenant.yaml': `version: "1.0"\nmodule: tenant\nscenarios:\n  - id: S001\n    name: no user, no tenant\n    incident: ${incident}\n    test_command: node --test test/anonymous.test.js\n`,
  });

  const base = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  let commands: string[] = [];
  /** One verification with nothing left of an earlier one, in seconds. */
  const cold = async (round: number): Promise<number> => {
    process.env.SELF_HEALING_HOME = join(folder, `home-${round}`);
    const repository = await openRepository(root);
    const law = await readLaw(repository, { commit: base });
    const digest = await digestMainCheckout(repository, { links: [] });
    commands = [];
    const start = performance.now();
    const { verification } = await verify({
      repository,
      law,
      base,
      folder: worktree,
      incident: { id: incident, event },
      diagnosis: { affected_files: ['src/tenant.js'], failure_type: 'runtime_error', confidence: 0.9 },
      main: { digest, links: [] },
      iteration: 1,
      onProgress: (step) => {
        if (step.step === 'command') commands.push(step.command);
      },
    });
    if (verification.verdict !== 'pass')
      throw new Error(`the verdict is ${verification.verdict}: ${explain(verification)}`);
    return (performance.now() - start) / 1000;
  };
  const wall = median([await cold(1), await cold(2), await cold(3)]);

  // Bare: the same commands, as often, on the fix and the base, whichever is slower to start is the same program anyway.
  const once = new Map(
    [...new Set(commands)].map((command) => [command, median([1, 2, 3].map(() => bare(command, worktree)))]),
  );
  const sum = commands.reduce((total, command) => total + (once.get(command) ?? 0), 0);
  const ratio = wall / sum;
  console.log(
    `gate: ${wall.toFixed(2)} s for ${commands.length} commands that take ${sum.toFixed(2)} s bare (medians of 3); ratio ${ratio.toFixed(3)} (allowed ${ALLOWED})`,
  );
  for (const [command, time] of once)
    console.log(`  ${commands.filter((other) => other === command).length} × ${command}: ${time.toFixed(2)} s`);
  if (ratio > ALLOWED) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
