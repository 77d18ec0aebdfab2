import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { acquireLock } from '../../../gate/checkout/lock.ts';
import { pruneCheckouts, pruneScratch, SCRATCH_PREFIX } from '../../../gate/checkout/pruning.ts';
import { freshFolder } from '../../healer/sample-repository.ts';
import { write } from '../../write.ts';

it('removes checkouts that nobody used for two weeks, and none that somebody holds', async () => {
  const folder = freshFolder('checkout');
  const old = new Date(Date.now() - 15 * 24 * 3600 * 1000);
  for (const name of ['old', 'held', 'recent']) {
    write(folder, { [`${name}/tree/a.js`]: 'a', [`${name}/used`]: '' });
    if (name !== 'recent') utimesSync(join(folder, name, 'used'), old, old);
  }
  writeFileSync(join(folder, 'stray'), 'not ours');
  const lock = await acquireLock(join(folder, 'held/lock'), { timeoutMs: 0 });
  await pruneCheckouts(join(folder, 'current'));
  expect(readdirSync(folder).sort()).toEqual(['current', 'held', 'recent', 'stray']);
  await lock.release();
});

it('removes temporary folders that a killed gate left a day ago, and no younger one', async () => {
  const [left, young] = [mkdtempSync(join(tmpdir(), SCRATCH_PREFIX)), mkdtempSync(join(tmpdir(), SCRATCH_PREFIX))];
  const old = new Date(Date.now() - 25 * 3600 * 1000);
  utimesSync(left, old, old);
  await pruneScratch();
  const names = readdirSync(tmpdir()).map((name) => join(tmpdir(), name));
  expect(names).toContain(young);
  expect(names).not.toContain(left);
  rmSync(young, { recursive: true });
});
