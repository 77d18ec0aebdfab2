/**
 * What lasts: an update brings the new version and keeps what was recorded; a database that is newer than the program is
 * left alone; and after the plugin is gone, what stays is what docs/install.md says, and its command removes it.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { livingContext } from '../../cli/demo/model-reply.ts';
import { migrate } from '../../store/migrate.ts';
import { MIGRATIONS } from '../../store/schema.ts';
import { type Database, openDatabase } from '../../store/sqlite.ts';
import { checkoutDigest } from './checkout.ts';
import { type Machine, setUpMachine, withNativePart } from './install/machine.ts';
import { nodeOf } from './install/nodes.ts';
import { createOrigin, type Origin } from './install/origin.ts';
import { expectWorking, pluginPath } from './install/working.ts';

const RUNNING = process.versions.node.split('.')[0] ?? '';
const PLUGIN = 'self-healing@self-healing';

let origin: Origin;
beforeAll(async () => {
  origin = await createOrigin('0.0.9');
});
afterAll(() => origin.remove());

async function installed(): Promise<Machine> {
  const user = await setUpMachine({ node: nodeOf(RUNNING), origin });
  onTestFinished(() => user.remove());
  await withNativePart(user);
  await user.claude('plugin', 'marketplace', 'add', origin.url);
  await user.claude('plugin', 'install', PLUGIN);
  return user;
}

/** The state database of a repository, as the test looks at it. */
async function inState<T>({ repository }: Machine, work: (database: Database) => T): Promise<T> {
  await mkdir(join(repository, '.self-healing'), { recursive: true });
  const database = openDatabase(join(repository, '.self-healing', 'state.db'));
  try {
    return work(database);
  } finally {
    database.close();
  }
}

const schemaOf = (database: Database) => database.get('PRAGMA user_version')?.user_version;

it('an update runs the new version on what the old one recorded', async () => {
  const user = await installed();
  // What the first version ever shipped would have left: its schema, and an incident.
  const incident = 'INC-00000000000000aa';
  await inState(user, (database) => {
    migrate(database, MIGRATIONS.slice(0, 1));
    database.exec(`INSERT INTO incidents (incident, fingerprint, status, severity, count, error, files_json, source, service,
      round, first_seen, last_seen, event_json, created_at, updated_at) VALUES ('${incident}', '00000000000000aa', 'resolved',
      'high', 7, 'an old error', '["index.js"]', 'log', NULL, 1, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', '{}',
      '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')`);
  });
  const native = join(user.home, '.claude', 'plugins', 'data', 'self-healing-self-healing', 'native');
  await mkdir(native, { recursive: true });
  await writeFile(join(native, 'kept'), '');
  const old = await user.session();
  await expectWorking(old);
  expect(pluginPath(old)).toMatch(/0\.0\.9$/);

  await origin.publish('0.1.0');
  await user.claude('plugin', 'marketplace', 'update', 'self-healing');
  expect(await user.claude('plugin', 'update', PLUGIN)).toContain('0.1.0');
  const updated = await user.session();
  await expectWorking(updated, expect.stringContaining(incident));
  expect(pluginPath(updated)).toMatch(/0\.1\.0$/);
  expect(await inState(user, schemaOf)).toBe(MIGRATIONS.length);
  expect(existsSync(join(native, 'kept'))).toBe(true);
});

it('a database of a newer version is left as it is, and the answer says to update', async () => {
  const user = await installed();
  await user.session();
  await inState(user, (database) => database.exec('PRAGMA user_version = 99'));
  const file = join(user.repository, '.self-healing', 'state.db');
  const before = await readFile(file);
  const run = await user.session();
  await expectWorking(
    run,
    expect.stringMatching(/newer self-healing \(its schema is version 99.*claude plugin update/s),
  );
  expect((await readFile(file)).equals(before)).toBe(true);
  expect(await inState(user, schemaOf)).toBe(99);
});

it('uninstalled, it leaves the repository as it was, but for what one documented command removes', async () => {
  const user = await installed();
  const status = () => user.run('git', ['status', '--porcelain', '--untracked-files=all', '--ignored']);
  const clean = await status();
  const before = await checkoutDigest(user.repository);
  const listed = await user.session();
  const incident = /INC-[0-9a-f]{16}/.exec(String(listed.result?.result))?.[0] ?? '';
  const fixed = await user.session([], [livingContext('start_fix', { incident })]);
  expect(fixed.result?.result).toContain(`.worktrees/hotfix/auto-${incident.slice(4)}`);
  await user.claude('plugin', 'uninstall', PLUGIN);
  await user.claude('plugin', 'marketplace', 'remove', 'self-healing');
  expect(await user.run('git', ['status', '--porcelain', '--untracked-files=all'])).toMatchObject({
    stdout: clean.stdout,
  });
  expect(await checkoutDigest(user.repository)).toEqual(before);
  expect(existsSync(join(user.home, '.claude', 'plugins', 'data', 'self-healing-self-healing'))).toBe(false);

  const guide = await readFile(join(import.meta.dirname, '..', '..', 'docs', 'install.md'), 'utf8');
  const command = /## Uninstall[\s\S]*?\n {4}(git clean .*)\n/.exec(guide)?.[1] ?? 'false';
  expect(await user.run('sh', ['-c', command])).toMatchObject({ exit: 0 });
  expect(await status()).toEqual(clean);
  expect((await user.run('git', ['worktree', 'list'])).stdout.trim().split('\n')).toHaveLength(1);
  expect(existsSync(join(user.home, '.local', 'state', 'self-healing'))).toBe(false);
});
