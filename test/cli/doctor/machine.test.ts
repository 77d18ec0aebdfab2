import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { dataCheck } from '../../../cli/doctor/machine.ts';

it('tells a data folder that can be made from one that cannot, and makes neither', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'doctor-data-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const own = join(folder, 'a', 'b');
  expect(await dataCheck(own)).toMatchObject({ name: 'data', status: 'ok', detail: own });
  expect(await readdir(folder)).toEqual([]);
  const file = join(folder, 'a file');
  await writeFile(file, '');
  expect(await dataCheck(join(file, 'b'))).toMatchObject({
    status: 'fail',
    detail: expect.stringContaining(`${file} is not a folder`),
    fix: expect.stringContaining('SELF_HEALING_HOME'),
  });
});
