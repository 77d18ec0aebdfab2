/** What a machine does to a service overnight: it sleeps, its disk fills up, something else keeps the database. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openState } from '../../../store/state-db.ts';
import { cli } from '../../cli/program.ts';
import { prepared } from './real-serve.ts';

it('sleeps in the middle of a run while another one takes over: it wakes up, changes nothing, and ends', async () => {
  const { root, folder, serving, send, rows, hang, working } = prepared();
  hang(true);
  const asleep = await serving();
  const incident = await send(asleep.url);
  await working(incident);
  asleep.child.kill('SIGSTOP');
  // All its leases run out meanwhile.
  const state = openState(root);
  state.run('UPDATE leases SET expires_at_ms = 1');
  state.close();
  hang(false);
  const second = await serving();
  await second.until('"event":"run_ended"');
  const before = await rows(incident);
  expect(before.record).toMatchObject({ status: 'escalated', round: 1 });
  asleep.child.kill('SIGCONT');
  await asleep.ended;
  expect(asleep.said.log).toContain('"event":"ended"');
  expect(await rows(incident)).toEqual(before);
  expect(existsSync(join(folder, 'overlap'))).toBe(false);
  expect(await (await fetch(`${second.url}/healthz`)).json()).toMatchObject({ status: 'ok' });
});

it('outlives a database that somebody keeps locked, and loses nothing of what comes meanwhile', async () => {
  const { root, serving, send, rows, hang, working } = prepared();
  hang(true);
  const serve = await serving();
  const incident = await send(serve.url);
  await working(incident);
  const keeper = openState(root);
  keeper.exec('BEGIN IMMEDIATE');
  // A second error while nothing can be written: it is refused in so many words, or taken in afterwards.
  const answer = fetch(`${serve.url}/intake/generic`, {
    method: 'POST',
    headers: { authorization: 'Bearer a-token-of-the-test' },
    body: JSON.stringify({ message: 'the disk of orders is slow', id: 'sent-once' }),
  });
  await wait(12_000);
  keeper.exec('COMMIT');
  keeper.close();
  const { status, headers } = await answer;
  expect([202, 503]).toContain(status);
  if (status === 503) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  const again = await fetch(`${serve.url}/intake/generic`, {
    method: 'POST',
    headers: { authorization: 'Bearer a-token-of-the-test' },
    body: JSON.stringify({ message: 'the disk of orders is slow', id: 'sent-once' }),
  });
  expect(again.status).toBe(202);
  const [other = ''] = ((await again.json()) as { incidents: string[] }).incidents;
  expect((await rows(other)).record).toMatchObject({ count: 1 });
  // The run goes on under its lease.
  expect((await rows(incident)).record).toMatchObject({ status: 'healing', round: 1 });
  expect((await cli(root, ['pause'])).exit).toBe(0);
  await serve.until('"event":"run_stopped"');
  serve.child.kill('SIGTERM');
  expect(await serve.ended).toBe(0);
});

/** A file system of its own, which a test can fill: needs the right to mount. */
function mountSmall(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

it('says that it cannot write on a full disk, takes nothing in that it would lose, and goes on when there is room', async (test) => {
  const { root, serving, send, rows, hang } = prepared();
  hang(false);
  const own = join(root, '.self-healing');
  const config = readFileSync(join(own, 'config.yaml'));
  if (!mountSmall(own)) return test.skip('this test needs the right to mount a file system');
  try {
    writeFileSync(join(own, 'config.yaml'), config);
    const serve = await serving();
    const filler = join(own, 'filler');
    try {
      for (let size = 64 * 1024; size >= 512; size /= 2)
        try {
          for (;;) writeFileSync(filler, Buffer.alloc(size), { flag: 'a' });
        } catch {} // full, for pieces of this size
      let refused: Response | undefined;
      // What SQLite has set aside already is used up first.
      for (let sent = 0; refused === undefined && sent < 400; sent++) {
        const answer = await fetch(`${serve.url}/intake/generic`, {
          method: 'POST',
          headers: { authorization: 'Bearer a-token-of-the-test' },
          body: JSON.stringify({
            message: `error of the kind ${'x'.repeat(sent)}`,
            stack: 'y'.repeat(20_000),
            id: `${sent}`,
          }),
        });
        if (answer.status !== 202) refused = answer;
      }
      expect(refused?.status).toBe(503);
      expect(JSON.stringify(await refused?.json())).toMatch(/disk|full|space|written/i);
      expect((await fetch(`${serve.url}/healthz`)).status).toBe(200);
    } finally {
      rmSync(filler, { force: true });
    }
    const incident = await send(serve.url);
    await serve.until(`"event":"run_ended","incident":"${incident}"`);
    expect((await rows(incident)).record).toMatchObject({ status: 'escalated', count: 1 });
    serve.child.kill('SIGTERM');
    expect(await serve.ended).toBe(0);
  } finally {
    execFileSync('umount', ['-l', own]);
  }
});
