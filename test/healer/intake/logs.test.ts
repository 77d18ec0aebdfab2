/** The logs that a running `serve` follows: over failures of the disk, and over changes of the settings. */
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { type Served, served } from './serving.ts';

const SETTLE = 'intake: { settle: 1h, settle_max: 1h }';
const yaml = (...globs: string[]) =>
  `version: "1.0"\n${SETTLE}\nsources: { logs: [${globs.map((glob) => `{ glob: ${glob} }`).join(', ')}] }\n`;
const config = (globs: string[], { bench }: Served) =>
  writeFileSync(join(bench.repository.root, '.self-healing', 'config.yaml'), yaml(...globs));
const at = ({ bench }: Served, name: string) => join(bench.repository.root, name);
const line = (what: string) => `2026-11-20T10:00:00Z ERROR ${what} is gone\n`;
const soon = { timeout: 30_000, interval: 50 };

/** By message, how often each was counted. */
async function counts({ bench }: Served) {
  const all = await bench.incidents.list();
  return Object.fromEntries(all.map(({ error, count }) => [/(\w+) is gone/.exec(error)?.[1], count]));
}

async function health({ url }: Served) {
  return ((await (await fetch(`${url}/healthz`)).json()) as { logs: unknown }).logs;
}

const logged = ({ logged: all }: Served, event: string) => all.filter((one) => one.event === event);

it('begins anew by itself after a failure, with growing pauses that the log and /healthz tell', async () => {
  const serving = await served({ config: yaml('app.log') });
  writeFileSync(at(serving, 'app.log'), line('first'));
  await vi.waitFor(async () => expect(await counts(serving)).toEqual({ first: 1 }), soon);
  const spool = join(serving.bench.repository.home, 'logs');
  rmSync(spool, { recursive: true });
  writeFileSync(spool, 'no folder');
  appendFileSync(at(serving, 'app.log'), line('price'));
  await vi.waitFor(() => expect(logged(serving, 'logs_failed').length).toBeGreaterThan(1), soon);
  expect(logged(serving, 'logs_failed').slice(0, 2)).toMatchObject([
    { times: 1, again_in_ms: 1000, why: expect.stringMatching(/ENOTDIR/) },
    { times: 2, again_in_ms: 2000 },
  ]);
  expect(await health(serving)).toMatchObject({
    following: [at(serving, 'app.log')],
    failed: {
      why: expect.any(String),
      times: expect.any(Number),
      since: expect.any(String),
      next_try: expect.any(String),
    },
  });
  expect(await counts(serving)).toEqual({ first: 1 });

  rmSync(spool);
  // The places were on the disk that is gone: what it held is read again, and nothing is missed.
  await vi.waitFor(async () => expect(await counts(serving)).toEqual({ first: 2, price: 1 }), soon);
  await vi.waitFor(() => expect(logged(serving, 'logs_back')).toHaveLength(1), soon);
  expect(await health(serving)).toMatchObject({ failed: null });
}, 120_000);

it('takes over what the settings name while it runs: added logs are followed, removed ones dropped, places kept', async () => {
  const serving = await served({ config: yaml('app.log') });
  for (const name of ['app.log', 'pay.log']) writeFileSync(at(serving, name), line(name.slice(0, 3)));
  await vi.waitFor(async () => expect(await counts(serving)).toEqual({ app: 1 }), soon);

  config(['app.log', 'pay.log'], serving);
  await vi.waitFor(async () => expect(await counts(serving)).toEqual({ app: 1, pay: 1 }), soon);
  expect(await health(serving)).toMatchObject({ following: [at(serving, 'app.log'), at(serving, 'pay.log')] });

  config(['pay.log'], serving);
  await vi.waitFor(() => expect(logged(serving, 'following').at(-1)?.globs).toEqual([at(serving, 'pay.log')]), soon);
  appendFileSync(at(serving, 'app.log'), line('later'));
  appendFileSync(at(serving, 'pay.log'), line('still'));
  await vi.waitFor(async () => expect(await counts(serving)).toEqual({ app: 1, pay: 1, still: 1 }), soon);

  // Followed again, it goes on where it was left.
  config(['pay.log', 'app.log'], serving);
  await vi.waitFor(async () => expect(await counts(serving)).toEqual({ app: 1, pay: 1, still: 1, later: 1 }), soon);
  config([], serving);
  await vi.waitFor(async () => expect(await health(serving)).toEqual({ following: [], failed: null }), soon);
  const { positions } = JSON.parse(
    readFileSync(join(serving.bench.repository.home, 'logs', 'checkpoint.json'), 'utf8'),
  );
  expect(positions).toHaveLength(2);
}, 180_000);

it('follows nothing where the settings name nothing, and says so', async () => {
  const serving = await served();
  expect(await health(serving)).toEqual({ following: [], failed: null });
  expect(logged(serving, 'following')).toEqual([]);
});
