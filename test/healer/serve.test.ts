import { afterEach, expect, it, vi } from 'vitest';
import { served } from './intake/serving.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** As the lease has it: it is looked after twice in a minute. */
const BEAT = 30_000;

it('ends when another one has taken the repository over while it slept', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const first = await served();
  const { incidents, db } = first.bench;
  await vi.advanceTimersByTimeAsync(BEAT);
  expect(await Promise.race([first.replaced, ask(first.url)])).toBe(200);

  // The machine slept: the lease ran out, and somebody else has taken it.
  db.run("UPDATE leases SET expires_at_ms = 0 WHERE incident = 'serve'");
  expect(await incidents.acquireLease('serve', 'another', 90_000)).toBeDefined();
  await vi.advanceTimersByTimeAsync(BEAT);
  await first.replaced;
  await first.close();
  // It gives back nothing that is no longer its own.
  expect(db.get("SELECT holder FROM leases WHERE incident = 'serve'")).toEqual({ holder: 'another' });
  await expect(ask(first.url)).rejects.toThrow();
});

async function ask(url: string): Promise<number> {
  return (await fetch(`${url}/healthz`, { headers: { connection: 'close' } })).status;
}
