import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { normalize } from '../../../events/normalize.ts';
import { batchesOf } from '../../../healer/watcher/batches.ts';
import { Spool } from '../../../healer/watcher/spool.ts';

const scratch = mkdtempSync(join(tmpdir(), 'self-healing-spool-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const folder = () => mkdtempSync(join(scratch, 'spool-'));
const now = new Date('2026-12-01T00:00:00Z');
const events = normalize('log', 'ERROR cart is gone\nERROR order is lost', { now });
const position = (offset: number) => ({ path: '/a.log', dev: 1, ino: 2, offset, head: 'h', tail: 't', mtime_ms: 3 });

describe('Spool', () => {
  it('has what was committed and where reading goes on, also for the next process', () => {
    const at = folder();
    new Spool(at).commit([events], [position(10)]);
    const next = new Spool(at);
    expect(next.positions).toEqual([position(10)]);
    const round = next.next();
    expect(round?.batches[0]?.events.map(({ message }) => message)).toEqual(['cart is gone', 'order is lost']);
    expect(new Set(round?.batches[0]?.events.map(({ id }) => id)).size).toBe(2);
    // The same ids each time it is read: what was sent twice is known.
    expect(new Spool(at).next()).toEqual(round);
  });

  it('keeps its place when the file that said it was delivered', () => {
    const at = folder();
    const spool = new Spool(at);
    spool.commit([events], [position(10)]);
    spool.commit([events], [position(20)]);
    const first = spool.next();
    if (first) spool.delivered(first);
    expect(new Spool(at).positions).toEqual([position(20)]);
    const second = spool.next();
    expect(second?.sequence).toBe(2);
    if (second) spool.delivered(second);
    expect([spool.next(), new Spool(at).positions]).toEqual([undefined, [position(20)]]);
    new Spool(at).commit([events], [position(30)]);
    expect(new Spool(at).next()?.sequence).toBe(3);
  });

  it('is full at its limit, and has room again once something was delivered', () => {
    const spool = new Spool(folder(), 500);
    expect(spool.isFull).toBe(false);
    spool.commit([events], []);
    expect(spool.isFull).toBe(true);
    const round = spool.next();
    if (round) spool.delivered(round);
    expect(spool.isFull).toBe(false);
  });

  it('puts aside what is refused, and what it has not written', () => {
    const at = folder();
    const spool = new Spool(at);
    writeFileSync(join(at, '000000000000.json'), '{"half');
    spool.commit([events], []);
    const round = spool.next();
    expect(round?.sequence).toBe(1);
    if (round) spool.refused(round);
    expect(spool.next()).toBeUndefined();
    expect(readdirSync(join(at, 'refused')).sort()).toEqual(['000000000000.json', '000000000001.json']);
  });
});

it('batches stay below what a receiver takes, in order', () => {
  const [event] = events;
  if (!event) throw new Error('no event');
  const many = Array.from({ length: 1200 }, (_, n) => ({
    ...event,
    stackTrace: 'x'.repeat(n % 3 === 0 ? 9000 : 10),
    id: `${n}`,
  }));
  const batches = batchesOf(many);
  expect(batches.flat()).toEqual(many);
  for (const batch of batches) {
    expect(batch.length).toBeLessThanOrEqual(500);
    expect(JSON.stringify({ id: 'x'.repeat(36), events: batch }).length).toBeLessThan(1024 * 1024);
  }
});
