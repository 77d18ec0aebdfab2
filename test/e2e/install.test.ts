/**
 * Every way to install, on every Node.js that is promised: after it, a session of the real client has all of the plugin and
 * a tool answers. Each submission tries some ways on the Node.js that runs the tests, and one way on the others;
 * `npm run test:install` tries all of them on all.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Machine, setUpMachine, withNativePart } from './install/machine.ts';
import { nodeOf } from './install/nodes.ts';
import { createOrigin, type Origin } from './install/origin.ts';
import { contentOf, MAX_SECONDS, SOURCES, type Source } from './install/sources.ts';
import { isFullMatrix, note } from './install/table.ts';
import { expectWorking } from './install/working.ts';
import { some } from './series.ts';

const MAX_BYTES = 10_000_000;
const RUNNING = process.versions.node.split('.')[0] ?? '';
const VERSIONS = ['20', '22', '24'];

let origin: Origin;
beforeAll(async () => {
  origin = await createOrigin();
});
afterAll(() => origin.remove());

async function machine(node: string): Promise<Machine> {
  const made = await setUpMachine({ node: nodeOf(node), origin });
  onTestFinished(() => made.remove());
  return made;
}

async function expectInstalled(source: Source, node: string): Promise<void> {
  const user = await machine(node);
  if (node === RUNNING) await withNativePart(user);
  const installed = await source.install(user, origin);
  await expectWorking(await user.session(installed.args));
  if (installed.cache === undefined) return note({ node, way: source.name });
  const { bytes, names } = await contentOf(installed.cache);
  expect(installed.seconds, 'seconds of the installation').toBeLessThanOrEqual(MAX_SECONDS);
  expect(bytes, 'bytes in the plugin cache').toBeLessThanOrEqual(MAX_BYTES);
  expect(names).not.toContain('node_modules');
  expect(names).toContain('server.cjs');
  await note({ node, way: source.name, seconds: installed.seconds, bytes });
}

const named = (sources: Source[]) => sources.map((source) => [source.name, source] as const);

describe(`on Node.js ${RUNNING}, installed by`, () => {
  it.each(named(isFullMatrix ? SOURCES : some(SOURCES, 4)))('%s', (_name, source) => expectInstalled(source, RUNNING));
});

const others = VERSIONS.filter((version) => version !== RUNNING && version !== '20');
describe.each(others)('on Node.js %s, installed by', (version) => {
  it.each(named(isFullMatrix ? SOURCES : SOURCES.slice(0, 1)))('%s', (_name, source) =>
    expectInstalled(source, version),
  );
});

describe('the command line from an npm package', () => {
  const packed = async (user: Machine): Promise<string> => {
    const { stdout } = await user.run('npm', ['pack', '--silent', '--pack-destination', user.home], origin.checkout);
    return join(user.home, stdout.trim());
  };

  it.each(isFullMatrix ? VERSIONS : [RUNNING])('works on Node.js %s and brings nothing else', async (version) => {
    const user = await setUpMachine({
      node: nodeOf(version),
      npm: true,
      env: { npm_config_registry: 'http://127.0.0.1:9/' },
    });
    onTestFinished(() => user.remove());
    if (version === RUNNING) await withNativePart(user);
    const prefix = join(user.home, 'global');
    const start = performance.now();
    const npm = await user.run('npm', ['install', '-g', '--prefix', prefix, await packed(user)]);
    const seconds = (performance.now() - start) / 1000;
    expect(npm).toMatchObject({ exit: 0, stdout: expect.stringContaining('added 1 package') });
    const cli = join(prefix, 'bin', 'self-healing');
    expect(await user.run(cli, ['incidents', '--json'])).toMatchObject({
      exit: version === '20' && version !== RUNNING ? 1 : 0,
    });
    const { bytes } = await contentOf(prefix);
    expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
    await note({ node: version, way: 'npm install -g (command line)', seconds, bytes });
  });
});
