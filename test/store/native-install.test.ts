import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import manifest from '../../package.json' with { type: 'json' };
import { loadBetterSqlite3 } from '../../store/drivers/better-sqlite3.ts';
import { loadNodeSqlite } from '../../store/drivers/node-sqlite.ts';
import { NativePartError } from '../../store/errors.ts';
import { installation, installedDriver, NATIVE_VERSION } from '../../store/native-install.ts';
import { startProgram } from './programs.ts';
import { temporaryFolder } from './temporary.ts';

const project = join(import.meta.dirname, '../..');

/** A program in npm's place: what it does is real, only the network and the compiler are left out. */
function installer(script: string): string {
  const file = join(temporaryFolder(), 'npm');
  writeFileSync(file, `#!/bin/sh\necho "$@" >> '${file}.calls'\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

const calls = (npm: string) => readFileSync(`${npm}.calls`, 'utf8').trim().split('\n');
const copyModules = `grep -q '"better-sqlite3":"${NATIVE_VERSION}"' package.json && mkdir node_modules &&
  cp -R '${project}/node_modules/better-sqlite3' '${project}/node_modules/bindings' '${project}/node_modules/file-uri-to-path' node_modules/`;

function lockOf(data: string) {
  const file = readdirSync(join(data, 'native')).find((name) => name.endsWith('.lock')) ?? '';
  return z
    .object({ pid: z.number().int().min(2), folder: z.string() })
    .parse(JSON.parse(readFileSync(join(data, 'native', file), 'utf8')));
}

/** Asks until the answer is no longer "being installed", as the product's next calls would. */
async function settled(ask: () => unknown): Promise<unknown> {
  for (;;) {
    try {
      return ask();
    } catch (error) {
      if (!(error instanceof NativePartError) || !error.message.includes('is being installed')) return error;
      await sleep(20);
    }
  }
}

// Under another Node than the project's modules were built for, there is nothing that could be copied.
const builtForThisNode = loadBetterSqlite3(`${project}/`) !== undefined;

it('installs the version that the project itself is tested with', () => {
  expect(manifest.devDependencies['better-sqlite3']).toBe(`~${NATIVE_VERSION}`);
});

describe('the native part', () => {
  it.runIf(builtForThisNode)('is installed once, in the background, and used when it is whole', async () => {
    const data = temporaryFolder();
    const npm = installer(`sleep 0.3; ${copyModules}`);
    const notReady = expect.objectContaining({
      code: 'not_ready',
      productError: true,
      next: expect.stringContaining('Try again'),
    });
    expect(() => installation(data, npm)).toThrow(notReady);
    expect(() => installation(data, npm)).toThrow(notReady);
    expect(installedDriver(data)).toBeUndefined();
    expect(await settled(() => installation(data, npm))).toMatchObject({ name: 'better-sqlite3' });
    expect(calls(npm)).toEqual([expect.stringMatching(/^install --ignore-scripts=false /)]);
    expect(installedDriver(data)).toMatchObject({ name: 'better-sqlite3' });
    const [installed, log, ...more] = readdirSync(join(data, 'native')).sort();
    expect(installed).toContain(`${NATIVE_VERSION}-${process.platform}-${process.arch}-${process.versions.modules}`);
    expect([log, more]).toEqual([`${installed}.log`, []]);
  });

  it.each([
    [
      'no registry',
      'echo "npm error network request to http://127.0.0.1:9/x failed, reason: connect ECONNREFUSED 127.0.0.1:9" >&2',
      /npm does not reach its package registry \(connect ECONNREFUSED 127\.0\.0\.1:9; all of it in /,
    ],
    [
      'no compiler',
      'echo "npm error gyp ERR! stack Error: not found: make" >&2',
      /could not be compiled here \(not found: make; all of it in /,
    ],
    ['anything else', 'echo no money today >&2', /npm failed \(no money today; all of it in /],
  ])(
    'that could not be installed for %s names the cause, the command, and is tried again later',
    async (_case, script, cause) => {
      const data = temporaryFolder();
      const npm = installer(`${script}; exit 1`);
      const answer = { code: 'not_ready', message: expect.stringMatching(cause) };
      const command = `npm install --ignore-scripts=false --prefix "${join(data, 'native')}/`;
      expect(await settled(() => installation(data, npm))).toMatchObject({
        ...answer,
        next: expect.stringContaining(command),
      });
      expect(await settled(() => installation(data, npm))).toMatchObject(answer);
      expect(calls(npm)).toHaveLength(1);
      expect(() => installation(data, npm, Date.now() + 61_000)).toThrow(/is being installed .* The last try failed: /);
      expect(readdirSync(join(data, 'native')).filter((name) => name.includes('.part-'))).toHaveLength(1);
      expect(await settled(() => installation(data, npm))).toMatchObject(answer);
      expect(calls(npm)).toHaveLength(2);
    },
  );

  it('whose installer was killed is begun again at once', async () => {
    const data = temporaryFolder();
    const npm = installer('sleep 60');
    expect(() => installation(data, npm)).toThrow('is being installed');
    process.kill(-lockOf(data).pid, 'SIGKILL');
    await expect.poll(() => existsSync(`/proc/${lockOf(data).pid}`) && calls(npm).length).toBe(false);
    const other = installer('exit 1');
    expect(() => installation(data, other)).toThrow('is being installed (for 0 s');
    await expect.poll(() => existsSync(`${other}.calls`)).toBe(true);
  });

  it('is not waited for when its installer hangs', async () => {
    const data = temporaryFolder();
    const npm = installer('sleep 60');
    const lock = () => {
      const { pid, folder } = lockOf(data);
      onTestFinished(() => {
        process.kill(-pid, 'SIGKILL');
      });
      return folder;
    };
    expect(() => installation(data, npm)).toThrow('is being installed');
    const hung = lock();
    expect(() => installation(data, npm, Date.now() + 14 * 60_000)).toThrow('is being installed (for 840 s');
    expect(() => installation(data, npm, Date.now() + 16 * 60_000)).toThrow('is being installed (for 0 s');
    expect(lock()).not.toBe(hung);
    expect(existsSync(hung)).toBe(false);
  });

  it('without npm, or without a place to put it, is a clear answer that leaves nothing behind', () => {
    const data = temporaryFolder();
    const missing = join(data, 'no-such-npm');
    expect(() => installation(data, missing)).toThrow(
      expect.objectContaining({
        code: 'not_ready',
        message: expect.stringContaining('npm, which would install it, was not found on PATH'),
        next: expect.stringMatching(/22\.13/),
      }),
    );
    expect(readdirSync(join(data, 'native')).filter((name) => !name.endsWith('.log'))).toEqual([]);
    writeFileSync(join(data, 'file'), '');
    expect(() => installation(join(data, 'file'), missing)).toThrow(expect.objectContaining({ code: 'not_ready' }));
  });
});

describe('a bundle far from any node_modules', () => {
  it('uses what lies in the plugin’s data folder, or Node’s own', async () => {
    const data = temporaryFolder();
    const npm = installer(copyModules);
    if (builtForThisNode) await settled(() => installation(data, npm));
    const opener = await startProgram('first-opener', [temporaryFolder()], {
      bundleFolder: temporaryFolder(),
      env: { CLAUDE_PLUGIN_DATA: data, SELF_HEALING_HOME: temporaryFolder() },
    });
    opener.write('go\n');
    expect(await opener.json()).toEqual({ driver: builtForThisNode ? 'better-sqlite3' : 'node:sqlite', count: 1 });
  });

  it.skipIf(loadNodeSqlite())('says that SQLite is not ready where there is neither', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const opener = await startProgram('first-opener', [temporaryFolder()], {
      bundleFolder: temporaryFolder(),
      env: { CLAUDE_PLUGIN_DATA: file, SELF_HEALING_HOME: temporaryFolder() },
    });
    opener.write('go\n');
    await expect(opener.json()).rejects.toThrow(/NativePartError.*cannot be installed[\s\S]*not_ready/);
  });
});
