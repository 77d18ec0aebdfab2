import { renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { WorkingLaw } from '../../context/working-law.ts';
import { write } from '../write.ts';
import { temporaryFolder } from './temporary.ts';

const A = '.self-healing/scenarios/a.yaml';
const B = '.self-healing/scenarios/b.yaml';
const scenarios = (...ids: string[]) => `scenarios:\n${ids.map((id) => `  - {id: ${id}, name: n}\n`).join('')}`;

/** As if everything had been written long ago, so that stamps can be trusted. */
function settle(folder: string, ...paths: string[]): void {
  const old = new Date(Date.now() - 60_000);
  for (const path of paths) utimesSync(join(folder, path), old, old);
}

async function ids(law: WorkingLaw): Promise<string[]> {
  return (await law.layers()).scenarios.map(({ id }) => id);
}

it('answers with the same law while nothing changed, and sees every kind of change at the next question', async () => {
  const folder = temporaryFolder();
  const law = new WorkingLaw(folder);
  expect(await ids(law)).toEqual([]);
  write(folder, { [A]: scenarios('S1'), [B]: scenarios('S2') });
  expect(await ids(law)).toEqual(['S1', 'S2']);
  const before = await law.layers();
  expect(await law.layers()).toBe(before);

  // In the same instant, with the same size: times could not tell it.
  writeFileSync(join(folder, A), scenarios('S3'));
  expect(await ids(law)).toEqual(['S3', 'S2']);
  // Only what changed is parsed again.
  expect((await law.layers()).scenarios[1]).toBe(before.scenarios[1]);
  // As editors save: another file takes the name.
  write(folder, { 'elsewhere.yaml': scenarios('S4') });
  renameSync(join(folder, 'elsewhere.yaml'), join(folder, B));
  expect(await ids(law)).toEqual(['S3', 'S4']);
  rmSync(join(folder, A));
  expect(await ids(law)).toEqual(['S4']);
  write(folder, { [A]: scenarios('S5') });
  expect(await ids(law)).toEqual(['S5', 'S4']);
  rmSync(join(folder, '.self-healing'), { recursive: true });
  expect(await ids(law)).toEqual([]);
});

it('sees a change whose times were set back', async () => {
  const folder = temporaryFolder();
  write(folder, { [A]: scenarios('S1') });
  settle(folder, A);
  const law = new WorkingLaw(folder);
  expect(await ids(law)).toEqual(['S1']);
  writeFileSync(join(folder, A), scenarios('S2'));
  settle(folder, A);
  expect(await ids(law)).toEqual(['S2']);
});

it('degrades a broken file alone, says so, and takes it back when it is corrected', async () => {
  const folder = temporaryFolder();
  write(folder, { [A]: scenarios('S1'), [B]: scenarios('S2') });
  const law = new WorkingLaw(folder);
  expect(await ids(law)).toEqual(['S1', 'S2']);
  write(folder, { [A]: 'scenarios: [\n' });
  expect(await ids(law)).toEqual(['S2']);
  expect((await law.layers()).problems).toMatchObject([{ file: A, code: 'yaml_syntax' }]);
  write(folder, { [A]: scenarios('S1') });
  expect(await ids(law)).toEqual(['S1', 'S2']);
  expect((await law.layers()).problems).toEqual([]);
});
