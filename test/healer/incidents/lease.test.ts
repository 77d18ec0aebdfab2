import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holdLease } from '../../../healer/incidents/lease.ts';
import { sqliteIncidents } from '../../../store/sqlite-incidents.ts';
import { openState } from '../../../store/state-db.ts';
import { freshFolder } from '../sample-repository.ts';

const incident = 'INC-1a2b3c4d5e6f7890';

function setUp() {
  const home = freshFolder('home');
  return { home, incidents: sqliteIncidents(openState(freshFolder('root'))) };
}

test('of two holders one gets it, until it is released', async () => {
  const { home, incidents } = setUp();
  const first = await holdLease(incidents, home, incident);
  expect(first.held).toBe(true);
  expect(await holdLease(incidents, home, incident)).toEqual({
    held: false,
    by: `process ${process.pid} on ${hostname()}`,
  });
  if (first.held) await first.lease.release();
  expect((await holdLease(incidents, home, incident)).held).toBe(true);
});

test('the lease of a process that was killed is free at once', async () => {
  const { home, incidents } = setUp();
  const child = spawn('sleep', ['60']);
  await once(child, 'spawn');
  const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
  const born = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  mkdirSync(join(home, 'leases'));
  writeFileSync(
    join(home, 'leases', `${incident}.json`),
    JSON.stringify({ holder: 'the other', host: hostname(), pid: child.pid, born }),
  );
  await incidents.acquireLease(incident, 'the other', 60_000);
  expect((await holdLease(incidents, home, incident)).held).toBe(false);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect((await holdLease(incidents, home, incident)).held).toBe(true);
});

test('a reused process number is not the holder; another machine is never guessed dead', async () => {
  const { home, incidents } = setUp();
  mkdirSync(join(home, 'leases'));
  const note = (more: object) =>
    writeFileSync(
      join(home, 'leases', `${incident}.json`),
      JSON.stringify({ holder: 'the other', host: hostname(), pid: process.pid, born: '1', ...more }),
    );
  await incidents.acquireLease(incident, 'the other', 60_000);
  note({ host: 'elsewhere', pid: 999_999 });
  expect((await holdLease(incidents, home, incident)).held).toBe(false);
  note({});
  expect((await holdLease(incidents, home, incident)).held).toBe(true);
});
