/**
 * SQLite where nothing can be fetched. Node.js 22.13 and newer bring their own; on Node.js 20 every answer says what is
 * missing and the command that lifts it, nothing hangs, and as soon as it can be installed it is used.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { livingContext } from '../../cli/demo/model-reply.ts';
import { NATIVE_VERSION } from '../../store/native-install.ts';
import { type Machine, setUpMachine } from './install/machine.ts';
import { nodeOf } from './install/nodes.ts';
import { isFullMatrix, note } from './install/table.ts';
import { expectWorking, hookOf } from './install/working.ts';
import type { ClientRun } from './run-client.ts';

const NOBODY_LISTENS = { npm_config_registry: 'http://127.0.0.1:9/' };

async function machineWith(
  major: string,
  npm: boolean,
  env: Record<string, string> = NOBODY_LISTENS,
): Promise<Machine> {
  const user = await setUpMachine({ node: nodeOf(major), npm, env });
  onTestFinished(() => user.remove());
  return user;
}

const ERROR = 'TypeError: x is not a function\n    at run (index.js:1:18)\n';
const report = livingContext('report_error', { text: ERROR });
const session = (user: Machine) => user.session(['--plugin-dir', user.plugin], [report]);
const REPORTED = expect.stringContaining('"incident":"INC-');
const selfHealing = (user: Machine, ...args: string[]) =>
  user.run('sh', [join(user.plugin, 'bin', 'self-healing'), ...args]);
/** Needs the store for what it is about to write. */
const heal = async (user: Machine) => {
  const file = join(user.home, 'error.log');
  await writeFile(file, ERROR);
  return selfHealing(user, 'heal', '--error', file, '--dry-run');
};
/** Reads what the session before has recorded. */
const incidents = (user: Machine) => selfHealing(user, 'incidents');

/** The answers of one session: of the tool to the model, and of the hook to person and model. */
function answers(run: ClientRun): string[] {
  return [String(run.result?.result), String(JSON.parse(String(hookOf(run, 'SessionStart')?.stdout)).systemMessage)];
}

describe('on Node.js 22', () => {
  it.each([false, true])('everything works (npm: %s, no network)', async (npm) => {
    const user = await machineWith('22', npm);
    const run = await session(user);
    await expectWorking(run, REPORTED);
    expect(hookOf(run, 'SessionStart')?.stdout).toBe('{}\n');
    expect(await incidents(user)).toMatchObject({ exit: 0, stdout: expect.stringContaining('INC-') });
  });
});

describe('on Node.js 20', () => {
  it('without npm a session and the command line say so', async () => {
    const user = await machineWith('20', false);
    const run = await session(user);
    await expectWorking(run, expect.stringMatching(/^not_ready: .*npm, which would install it, was not found on PATH/));
    for (const answer of answers(run)) expect(answer).toContain('Node.js 22.13 or newer needs no installation.');
    const cli = await heal(user);
    expect(cli).toMatchObject({ exit: 1, stderr: expect.stringContaining('was not found on PATH') });
  });

  it('without a network they name the cause and the command, whose work is used at once', async () => {
    const user = await machineWith('20', true);
    const first = await session(user);
    await expectWorking(first, expect.stringMatching(/^not_ready: /));
    // npm gives up by itself; what is asked meanwhile is answered at once.
    const told = async () => (await session(user)).result?.result;
    await expect.poll(told, { timeout: 60_000, interval: 1_000 }).toContain('npm does not reach its package registry');
    // Of the session before, the start may still have been in time for npm at work.
    const run = await session(user);
    for (const answer of answers(run)) expect(answer).toContain('connect ECONNREFUSED 127.0.0.1:9');
    const command = new RegExp(`npm install --ignore-scripts=false --prefix (\\S+) better-sqlite3@${NATIVE_VERSION}`);
    const prefix = command.exec(String(run.result?.result))?.[1] ?? '';
    expect(prefix).toContain(join(user.home, '.claude', 'plugins', 'data', 'self-healing-inline'));
    const cli = await heal(user);
    expect(cli).toMatchObject({ exit: 1, stderr: expect.stringContaining('does not reach its package registry') });
    if (!process.versions.node.startsWith('20.')) return;
    await installByHand(prefix);
    await expectWorking(await session(user), REPORTED);
    expect(await incidents(user)).toMatchObject({ exit: 0, stdout: expect.stringContaining('INC-') });
  });
});

it.runIf(isFullMatrix)(
  'on Node.js 20 with npm and a network, SQLite installs itself',
  { timeout: 700_000 },
  async () => {
    // The settings of whoever runs this: a proxy, certificates, Node's headers.
    const setting = async (name: string) =>
      (await promisify(execFile)('npm', ['config', 'get', name], { cwd: tmpdir() })).stdout.trim();
    const user = await machineWith('20', true, {
      npm_config_userconfig: await setting('userconfig'),
      npm_config_globalconfig: await setting('globalconfig'),
    });
    // Where there is no prebuilt file for this machine, a compiler is needed.
    Object.assign(user.env, { PATH: `${user.env.PATH}${delimiter}${process.env.PATH}` });
    const start = performance.now();
    expect((await heal(user)).stderr).toContain('is being installed');
    await expect
      .poll(async () => (await heal(user)).stderr, { timeout: 600_000, interval: 2_000 })
      .not.toContain("SQLite's native part");
    await expectWorking(await session(user), REPORTED);
    await note({ node: '20', way: 'native part of SQLite (once)', seconds: (performance.now() - start) / 1000 });
  },
);

/** What the command of the answer does, with the packages of this project in the place of the network. */
async function installByHand(prefix: string): Promise<void> {
  const modules = join(import.meta.dirname, '..', '..', 'node_modules');
  await mkdir(join(prefix, 'node_modules'), { recursive: true });
  await cp(join(modules, 'better-sqlite3'), join(prefix, 'node_modules', 'better-sqlite3'), { recursive: true });
  for (const name of ['bindings', 'file-uri-to-path'])
    await symlink(join(modules, name), join(prefix, 'node_modules', name));
}
