/** A real `serve` that is killed at several moments: the next one goes on in the same round, and two runs are never at work. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cli } from '../../cli/program.ts';
import { prepared } from './real-serve.ts';

it.each([
  ['as it takes the incident up', 'run_started', false],
  ['while the client works', 'run_started', true],
])('SIGKILL %s: the next serve goes on in the same round, and ends what was left', async (_when, line, atWork) => {
  const { folder, serving, send, rows, hang, working } = prepared();
  hang(true);
  const first = await serving();
  const incident = await send(first.url);
  await first.until(line);
  if (atWork) await working(incident);
  first.child.kill('SIGKILL');
  await first.ended;
  hang(false);
  const second = await serving();
  await second.until('"event":"run_ended"');
  const { record, steps, runs } = await rows(incident);
  expect(record).toMatchObject({ status: 'escalated', round: 1 });
  if (atWork) {
    expect(runs[0]).toMatchObject({ failure_mode: 'crash' });
    expect(steps.map(({ why }) => why)).toContain('taken up again after a crash');
  }
  expect(existsSync(join(folder, 'overlap'))).toBe(false);
  expect(second.said.log.match(/"event":"run_started"/g)).toHaveLength(1);
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
});

it('SIGKILL while it drains, and a pause in between: nothing is started until the pause is over', async () => {
  const { root, folder, serving, send, rows, hang, working } = prepared();
  hang(true);
  const first = await serving();
  const incident = await send(first.url);
  await working(incident);
  first.child.kill('SIGTERM');
  await first.until('"event":"draining"');
  first.child.kill('SIGKILL');
  await first.ended;
  expect((await cli(root, ['pause'])).exit).toBe(0);
  hang(false);
  const second = await serving();
  await second.until('"event":"standing_still"');
  expect(await (await fetch(`${second.url}/healthz`)).json()).toMatchObject({
    next: [incident],
    standing_still: { by: 'pause' },
  });
  expect(second.said.log).not.toContain('run_started');
  expect((await cli(root, ['resume'])).exit).toBe(0);
  await second.until('"event":"run_ended"');
  expect(await rows(incident)).toMatchObject({ record: { status: 'escalated', round: 1 } });
  expect(existsSync(join(folder, 'overlap'))).toBe(false);
});

it('a pause ends what runs, and its incident waits in the queue again', async () => {
  const { root, serving, send, rows, hang, working } = prepared();
  hang(true);
  const serve = await serving();
  const incident = await send(serve.url);
  await working(incident);
  await cli(root, ['pause']);
  await serve.until('"event":"run_stopped"');
  expect(await rows(incident)).toMatchObject({ record: { status: 'queued', round: 1 } });
  serve.child.kill('SIGTERM');
  expect(await serve.ended).toBe(0);
});
