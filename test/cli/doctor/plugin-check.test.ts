import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { pluginCheck } from '../../../cli/doctor/plugin-check.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugin-check-'));
  await put('plugin/.claude-plugin/plugin.json', { name: 'self-healing', version: '1.2.0' });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(path: string, content: unknown): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), JSON.stringify(content));
}

const look = () => pluginCheck(undefined, join(folder, 'plugin'), join(folder, 'config'));
const installed = (version: string) =>
  put('config/plugins/installed_plugins.json', {
    version: 2,
    plugins: { 'other@m': [{ version: '9.0.0' }], 'self-healing@m': [{ scope: 'user', version }] },
  });

it('says which version sessions have beside this program', async () => {
  expect(await look()).toMatchObject({ status: 'ok', detail: expect.stringContaining('none is installed') });
  await installed('1.2.0');
  expect(await look()).toMatchObject({ status: 'ok', detail: '1.2.0' });
  await installed('1.1.0');
  expect(await look()).toEqual({
    name: 'plugin',
    status: 'warn',
    detail: 'sessions use self-healing@m 1.1.0, and this program is 1.2.0',
    fix: 'Bring both to the same version: `claude plugin update self-healing@m`.',
  });
});

it('knows a checkout among the skills', async () => {
  await put('config/skills/self-healing/.claude-plugin/plugin.json', { version: '1.3.0' });
  expect(await look()).toMatchObject({ status: 'warn', fix: expect.stringContaining('pull') });
});

it('tells what kept the client from loading it', async () => {
  const init = { kind: 'init', plugins: [], pluginErrors: ['self-healing: bad manifest'] } as never;
  const row = await pluginCheck(init, join(folder, 'plugin'), folder);
  expect(row).toMatchObject({ status: 'fail', detail: expect.stringContaining('bad manifest') });
});
