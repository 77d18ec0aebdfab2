import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { holdingFileLock, withFileLock } from '../../store/file-lock.ts';
import { temporaryFolder } from './temporary.ts';

const lockIn = (folder = temporaryFolder()) => join(folder, 'lock');

it('lets one work after the other, in one process too', async () => {
  const file = lockIn();
  const steps: string[] = [];
  const work = (name: string) =>
    holdingFileLock(file, async () => {
      steps.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      steps.push(`${name} ends`);
    });
  await Promise.all(['a', 'b', 'c'].map(work));
  for (let at = 0; at < steps.length; at += 2) expect(steps[at + 1]).toBe(steps[at]?.replace('begins', 'ends'));
  expect(existsSync(file)).toBe(false);
});

it('is given back when the work fails', async () => {
  const file = lockIn();
  await expect(holdingFileLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(() =>
    withFileLock(file, () => {
      throw new Error('neither');
    }),
  ).toThrow('neither');
  expect(withFileLock(file, () => existsSync(file))).toBe(true);
  expect(existsSync(file)).toBe(false);
});

it('takes over at once from a process that is gone, and from an old one of whom nothing is known', () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const file = lockIn();
  writeFileSync(file, `${pid} ${hostname()} abc`);
  expect(withFileLock(file, () => readFileSync(file, 'utf8').startsWith(`${process.pid} `))).toBe(true);
  writeFileSync(file, '');
  utimesSync(file, 0, 0);
  expect(withFileLock(file, () => 1)).toBe(1);
});

it('leaves a lock alone that somebody else has taken over meanwhile', () => {
  const file = lockIn();
  withFileLock(file, () => writeFileSync(file, 'somebody else'));
  expect(readFileSync(file, 'utf8')).toBe('somebody else');
});
