import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { policyFolder, readClientSettings } from '../../../cli/doctor/client-settings.ts';
import { settingsCheck } from '../../../cli/doctor/settings-check.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'client-settings-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const POLICY = 'policy/managed-settings.json';
const DROP_IN = 'policy/managed-settings.d/20-hooks.json';
const USER = 'config/settings.json';
const SHARED = 'root/.claude/settings.json';
const LOCAL = 'root/.claude/settings.local.json';

async function look(files: Record<string, unknown>, withRoot = true) {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  const [config, root, policy] = ['config', 'root', 'policy'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  return settingsCheck(await readClientSettings({ config, root: withRoot ? root : undefined, policy }));
}

describe('the settings of Claude Code', () => {
  it.each<[what: string, files: Record<string, unknown>, status: string, names: string[]]>([
    ['nothing at all', {}, 'ok', ['no settings']],
    ['settings about other things', { [USER]: { model: 'x' }, [POLICY]: { env: { A: '1' } } }, 'ok', ['none of 2']],
    ['disableAllHooks of the user', { [USER]: { disableAllHooks: true } }, 'fail', [USER, 'disableAllHooks']],
    ['disableAllHooks that is off', { [USER]: { disableAllHooks: false } }, 'ok', ['none of 1']],
    ['disableAllHooks of the project', { [SHARED]: { disableAllHooks: true } }, 'warn', [SHARED, 'in this repository']],
    ['disableAllHooks of the checkout', { [LOCAL]: { disableAllHooks: true } }, 'warn', [LOCAL]],
    ['disableAllHooks of a policy', { [POLICY]: { disableAllHooks: true } }, 'fail', [POLICY, 'whoever manages']],
    [
      'the worst of several',
      { [LOCAL]: { disableAllHooks: true }, [USER]: { disableAllHooks: true } },
      'fail',
      [USER, '1 more'],
    ],
    ['a drop-in policy', { [DROP_IN]: { allowManagedHooksOnly: true } }, 'fail', [DROP_IN, 'allowManagedHooksOnly']],
    [
      'a policy that brings the plugin itself',
      { [POLICY]: { allowManagedHooksOnly: true, enabledPlugins: { 'self-healing@tools': true } } },
      'fail',
      ['runs of heal bring their own'],
    ],
    ['allowManagedHooksOnly where it has no force', { [USER]: { allowManagedHooksOnly: true } }, 'ok', []],
    ['marketplaces of a policy', { [POLICY]: { strictKnownMarketplaces: [{}] } }, 'warn', ['strictKnownMarketplaces']],
    [
      'a plugin that is off',
      { [USER]: { enabledPlugins: { 'self-healing@m': false } } },
      'warn',
      ['self-healing@m off'],
    ],
    ['another plugin that is off', { [USER]: { enabledPlugins: { 'other@m': false } } }, 'ok', []],
    ['a policy that forbids it', { [POLICY]: { enabledPlugins: { 'self-healing@m': false } } }, 'fail', [POLICY]],
    ['safe mode', { [USER]: { env: { CLAUDE_CODE_SAFE_MODE: '1' } } }, 'fail', ['CLAUDE_CODE_SAFE_MODE']],
    ['broken JSON', { [POLICY]: '{\n  "disableAllHooks": true\n' }, 'fail', [`${POLICY}:3:1: `]],
    ['a list', { [USER]: '[]' }, 'fail', [`${USER}:1:1: it has to be a JSON object`]],
    ['a byte order mark', { [USER]: '\uFEFF{}' }, 'ok', []],
  ])('%s', async (_what, files, status, names) => {
    const row = await look(files);
    expect(row).toMatchObject({ name: 'settings', status });
    for (const name of names) expect(`${row.detail} ${row.fix}`).toContain(name);
    if (status !== 'ok') expect(row.fix).not.toBe('');
  });

  it('are the user’s and the policy’s alone outside of a repository', async () => {
    expect(await look({ [LOCAL]: { disableAllHooks: true } }, false)).toMatchObject({ status: 'ok' });
  });
});

it('policies lie where the client looks for them', () => {
  expect(policyFolder('linux')).toBe('/etc/claude-code');
  expect(policyFolder('darwin')).toBe('/Library/Application Support/ClaudeCode');
  expect(policyFolder('win32')).toBe('C:\\Program Files\\ClaudeCode');
});
