import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openSandbox, sandboxMode } from '../../../gate/runner/sandbox.ts';
import { ownModules, project, run } from './project.ts';

const before = { ...process.env };
afterEach(() => {
  for (const name of ['SELF_HEALING_SANDBOX', 'HOME', 'PATH']) process.env[name] = before[name];
  if (before.SELF_HEALING_SANDBOX === undefined) delete process.env.SELF_HEALING_SANDBOX;
});

const works =
  spawnSync('bwrap', ['--unshare-pid', '--unshare-net', '--ro-bind', '/', '/', '--proc', '/proc', 'true']).status === 0;

describe('a sandbox', () => {
  it('is made only where the environment asks for one, in a word it knows', async () => {
    expect(sandboxMode({})).toBe('off');
    expect(sandboxMode({ SELF_HEALING_SANDBOX: 'no-network' })).toBe('no-network');
    expect(() => sandboxMode({ SELF_HEALING_SANDBOX: 'yes' })).toThrow(
      /"yes", which is none of on, no-network and off/,
    );
    const confine = await openSandbox({ checkout: '/a', scratch: '/b' }, {});
    expect(confine({ shell: 'true' })).toEqual({ shell: 'true' });
  });

  it('that was asked for and cannot be made is an error, not a run without it', async () => {
    process.env.SELF_HEALING_SANDBOX = 'on';
    process.env.PATH = project({});
    await expect(run(project({}), 'touch ran', { kind: 'check' })).rejects.toThrow(
      /SELF_HEALING_SANDBOX is on, but bubblewrap cannot make a sandbox here: .*ENOENT/,
    );
  });

  it.runIf(works)('lets a check write in its checkout and its temporary folders, and shows it no keys', async () => {
    process.env.SELF_HEALING_SANDBOX = 'on';
    const home = project({ '.npmrc': 'token', '.ssh/id_rsa': 'key', '.profile': 'plain' });
    process.env.HOME = home;
    const outside = project({});
    const folder = project({});
    const line = `touch here "$HOME/a" "$TMPDIR/b" && ! touch ${outside}/no && cat ${home}/.profile ${home}/.npmrc && ls -A ${home}/.ssh`;
    const result = await run(folder, line, { kind: 'check' });
    expect(result).toMatchObject({ status: 'passed' });
    expect(result.output).toContain('plain');
    expect(result.output).not.toMatch(/token|id_rsa/);
    expect(existsSync(join(folder, 'here'))).toBe(true);
    expect(existsSync(join(outside, 'no'))).toBe(false);
  });

  it.runIf(works)('counts the cases of runners that are linked from elsewhere', async () => {
    process.env.SELF_HEALING_SANDBOX = 'on';
    const files = { 'a.test.js': `import { expect, it } from 'vitest';\nit('adds', () => expect(1 + 1).toBe(2));\n` };
    const result = await run(project(files, ownModules), 'node_modules/.bin/vitest run');
    expect(result).toMatchObject({ status: 'passed', counts: { passed: 1, failed: 0 } });
  });

  it.runIf(works)('without a network reaches its own loopback and nothing of the host', async () => {
    const server = createServer((_, response) => response.end('host')).listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    const { port } = server.address() as { port: number };
    const script = `
      const http = require('node:http');
      const own = http.createServer((_, response) => response.end('own')).listen(0, '127.0.0.1', async () => {
        console.log(await (await fetch('http://127.0.0.1:' + own.address().port)).text());
        console.log(await fetch('http://127.0.0.1:${port}').then((r) => r.text(), (e) => e.cause.code));
        own.close();
      });`;
    const folder = project({ 'reach.cjs': script });
    process.env.SELF_HEALING_SANDBOX = 'no-network';
    expect((await run(folder, 'node reach.cjs', { kind: 'check' })).output).toBe('own\nECONNREFUSED\n');
    process.env.SELF_HEALING_SANDBOX = 'on';
    expect((await run(folder, 'node reach.cjs', { kind: 'check' })).output).toBe('own\nhost\n');
    server.close();
  });

  it.runIf(works)('ends with the check what made a session of its own and threw every mark away', async () => {
    process.env.SELF_HEALING_SANDBOX = 'on';
    const folder = project({});
    const ticks = `while :; do date +%N > tick; sleep 0.05; done`;
    const line = `(env -i PATH="$PATH" setsid sh -c '${ticks}' > /dev/null 2>&1 &) ; until [ -s tick ]; do sleep 0.02; done`;
    expect(await run(folder, line, { kind: 'check' })).toMatchObject({ status: 'passed' });
    // Nobody who could write there is left: what is written now stays.
    rmSync(join(folder, 'tick'), { force: true });
    expect(await run(folder, 'sleep 0.3; test ! -e tick', { kind: 'check' })).toMatchObject({ status: 'passed' });
  });
});
