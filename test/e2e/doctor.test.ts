/** `doctor` and its canary: all is well, and every way in which hooks fall silent, each really produced with the real client. */
import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Check } from '../../cli/doctor/check.ts';
import { hooksOf } from '../../cli/doctor/hook-checks.ts';
import { CLIENT, clientEnvironment } from './run-client.ts';
import { PLUGIN } from './stage.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const LAYERS = await canLayer();

let folder: string;
let root: string;
let events: string[];

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'doctor-test-')));
  root = join(folder, 'shop');
  await mkdir(root);
  const identity = ['-c', 'user.name=T', '-c', 'user.email=t@example.com'];
  for (const args of [
    ['init', '-q', '-b', 'main'],
    [...identity, 'commit', '-q', '--allow-empty', '-m', 'first'],
  ])
    await run('git', args, { cwd: root, env: process.env });
  events = [...(await hooksOf(PLUGIN)).keys()];
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));

describe('doctor', () => {
  it('sees every hook of hooks.json fire, and leaves nothing behind', async () => {
    const { rows, home, ok } = await doctor();
    expect(rows.settings).toMatchObject({ status: 'ok', detail: 'no settings of Claude Code' });
    expect(rows.plugin).toMatchObject({ status: 'ok', detail: expect.stringContaining('of this program') });
    expect(rows.server).toMatchObject({ status: 'ok', detail: 'connected, and has noted an error' });
    // Slow is what a busy machine is.
    for (const event of events)
      expect(rows[`hook ${event}`], event).toMatchObject({
        detail: expect.stringMatching(/^(?:fired in|slow:) \d+ ms/),
      });
    expect(Object.keys(rows).filter((name) => name.startsWith('hook '))).toHaveLength(events.length);
    expect(ok).toBe(true);
    expect(await readdir(home)).toEqual([]);
  });

  it("names the user's settings that turn all hooks off, and sees them silent", async () => {
    const { rows, home, ok } = await doctor({ settings: { '.claude/settings.json': '{ "disableAllHooks": true }' } });
    const file = join(home, '.claude/settings.json');
    expect(rows.settings).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining(`${file}: disableAllHooks`),
    });
    expect(rows.settings?.fix).toContain(`remove "disableAllHooks" from ${file}`);
    for (const event of events)
      expect(rows[`hook ${event}`], event).toMatchObject({ status: 'fail', detail: 'silent', fix: 'See `settings`.' });
    expect(ok).toBe(false);
  });

  it("warns of the project's settings: people's sessions are silent, the runs of heal are not", async () => {
    const file = join(root, '.claude', 'settings.local.json');
    await put(file, '{ "disableAllHooks": true }');
    onTestFinished(() => rm(dirname(file), { recursive: true }));
    const { rows, ok } = await doctor();
    expect(rows.settings).toMatchObject({
      status: 'warn',
      detail: expect.stringContaining(`${file}: disableAllHooks`),
    });
    for (const event of events) {
      const detail = expect.stringMatching(/^silent in sessions here; in runs of heal fired in \d+ ms|^slow/);
      expect(rows[`hook ${event}`], event).toMatchObject({ status: 'warn', detail });
    }
    expect(ok).toBe(true);
  });

  // The client reads policies from one place of the system; only here is that place another one for a while.
  it.skipIf(!LAYERS)('names the policy of the machine that lets only its own hooks fire', async () => {
    await put(
      join(folder, 'etc', 'claude-code', 'managed-settings.d', '10-hooks.json'),
      '{ "allowManagedHooksOnly": true }',
    );
    await mkdir(join(folder, 'work'));
    const options = `lowerdir=/etc,upperdir=${join(folder, 'etc')},workdir=${join(folder, 'work')}`;
    const layer = `mount -t overlay overlay -o '${options}' /etc && exec "$0" "$@"`;
    const { rows } = await doctor({ under: ['unshare', '-rm', 'sh', '-c', layer] });
    const detail = expect.stringMatching(
      /^\/etc\/claude-code\/managed-settings\.d\/10-hooks\.json: allowManagedHooksOnly/,
    );
    expect(rows.settings).toMatchObject({ status: 'fail', detail });
    expect(rows.server?.status).toBe('ok');
    for (const event of events)
      expect(rows[`hook ${event}`], event).toMatchObject({ status: 'fail', detail: 'silent' });
  });

  it('names settings that are broken, by line and column', async () => {
    const file = join(root, '.claude', 'settings.json');
    await put(file, '{\n  "permissions": {},\n  "disableAllHooks": tru,\n}\n');
    onTestFinished(() => rm(dirname(file), { recursive: true }));
    const { rows } = await doctor();
    expect(rows.settings).toMatchObject({ status: 'fail', detail: expect.stringContaining(`${file}:3:25: `) });
    expect(rows['hook PreToolUse']?.detail).toMatch(/denied a forbidden command/);
  });

  it('tells what a server that does not start complains of', async () => {
    const plugin = await installation({
      'dist/server.cjs': (text) => `process.stderr.write('no disk left\\n'); process.exit(1);\n${text}`,
    });
    const { rows } = await doctor({ plugin });
    expect(rows.server).toMatchObject({ status: 'fail', detail: 'did not start (failed): no disk left' });
    expect(rows['hook PreToolUse']).toMatchObject({ status: 'fail', detail: expect.stringMatching(/not connected/i) });
    expect(rows['hook SessionStart']).toMatchObject({ status: 'ok' });
  });

  it('sees a server that dies while it works', async () => {
    const dying = `process.stdin.on('data', (chunk) => { if (String(chunk).includes('PostToolUseFailure')) process.exit(1); });`;
    const plugin = await installation({ 'dist/server.cjs': (text) => `${dying}\n${text}` });
    const { rows } = await doctor({ plugin });
    expect(rows.server).toMatchObject({ status: 'fail', detail: expect.stringMatching(/^started and then ended: /) });
    expect(rows['hook PreToolUse']?.status).toBe('fail');
  });

  it('calls a server slow that takes more than a second', async () => {
    const sleep = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1100)';
    const slow = `process.stdin.on('data', (chunk) => { if (String(chunk).includes('PostToolUseFailure')) ${sleep}; });`;
    const plugin = await installation({ 'dist/server.cjs': (text) => `${slow}\n${text}` });
    const { rows, ok } = await doctor({ plugin });
    expect(rows['hook PostToolUseFailure']).toMatchObject({
      status: 'warn',
      detail: expect.stringMatching(/^slow: \d+ ms \(more than 1 s\)$/),
    });
    expect(rows.server?.status).toBe('ok');
    expect(ok).toBe(true);
  });

  it('tells that sessions find no Node.js', async () => {
    const plugin = await installation({ 'bin/launch': (text) => text.replace(/ \/opt\/homebrew.*(?=; do)/, '') });
    const bin = join(folder, 'bin');
    await mkdir(bin);
    for (const name of ['git', 'sh', 'env', 'cat']) await symlink(await which(name), join(bin, name));
    await symlink(CLIENT, join(bin, 'claude'));
    const { rows } = await doctor({ plugin, env: { PATH: bin } });
    const problem = expect.stringContaining('no Node.js was found on PATH');
    expect(rows.node?.status).toBe('ok');
    expect(rows.server).toMatchObject({ status: 'fail', detail: problem });
    expect(rows['hook SessionStart']).toMatchObject({ status: 'fail', detail: problem });
  });

  it('tells that the client did not load the plugin, and why', async () => {
    const plugin = await installation({ '.claude-plugin/plugin.json': (text) => text.replace('"name"', '"nom"') });
    const { rows, ok } = await doctor({ plugin });
    expect(rows.plugin).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('the client did not load it'),
    });
    expect(ok).toBe(false);
  });
});

interface Situation {
  /** Files of the HOME. */
  settings?: Record<string, string>;
  plugin?: string;
  env?: Record<string, string>;
  /** A program that is given the command line. */
  under?: [string, ...string[]];
}

async function doctor({ settings = {}, plugin = PLUGIN, env = {}, under }: Situation = {}) {
  const home = await mkdtemp(join(folder, 'home-'));
  for (const [path, text] of Object.entries(settings)) await put(join(home, path), text);
  const base = clientEnvironment(home, '');
  const line = [process.execPath, join(plugin, 'dist', 'cli.cjs'), 'doctor', '--json'];
  const [program = '', ...args] = [...(under ?? []), ...line];
  const { stdout } = await run(program, args, {
    cwd: root,
    env: { ...base, PATH: `${dirname(CLIENT)}${delimiter}${base.PATH}`, ...env },
  });
  const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: Check[] };
  return {
    ok,
    home,
    rows: Object.fromEntries(checks.map((row) => [row.name, row])) as Record<string, Check | undefined>,
  };
}

/** A copy of plugin/ with some files changed, where the packages of this repository are found from. */
async function installation(changes: Record<string, (text: string) => string>): Promise<string> {
  await mkdir(join(ROOT, '.tmp'), { recursive: true });
  const copy = await mkdtemp(join(ROOT, '.tmp', 'doctor-'));
  onTestFinished(() => rm(copy, { recursive: true, force: true, maxRetries: 5 }));
  await cp(PLUGIN, copy, { recursive: true });
  for (const [path, change] of Object.entries(changes)) {
    const file = join(copy, path);
    const text = await readFile(file, 'utf8');
    const changed = change(text);
    expect(changed, path).not.toBe(text);
    await writeFile(file, changed);
  }
  await chmod(join(copy, 'bin', 'launch'), 0o755);
  return copy;
}

/** Whether this user may lay a folder over /etc for one program, as on Linux without further restrictions. */
async function canLayer(): Promise<boolean> {
  const tried = await mkdtemp(join(tmpdir(), 'layer-'));
  try {
    for (const name of ['u', 'w']) await mkdir(join(tried, name));
    const mount = `mount -t overlay overlay -o 'lowerdir=/etc,upperdir=${tried}/u,workdir=${tried}/w' /etc && echo yes`;
    const { stdout } = await run('unshare', ['-rm', 'sh', '-c', mount], { cwd: tried, env: process.env });
    return stdout.trim() === 'yes';
  } finally {
    await rm(tried, { recursive: true, force: true });
  }
}

async function put(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

async function which(name: string): Promise<string> {
  return (await run('sh', ['-c', `command -v ${name}`], { cwd: folder, env: process.env })).stdout.trim();
}

/** A command that ends with a failure has its say as well. */
function run(program: string, args: string[], options: { cwd: string; env: NodeJS.ProcessEnv }) {
  return new Promise<{ stdout: string }>((resolve) =>
    execFile(program, args, { ...options, maxBuffer: 16 * 1024 * 1024 }, (_error, stdout) => resolve({ stdout })),
  );
}
