/** Logs whose old file is compressed before its end was read: the rest is read from the `.gz`, once. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { contentOf } from '../../../healer/watcher/content.ts';
import { LogFiles } from '../../../healer/watcher/log-files.ts';
import { readGone } from '../../../healer/watcher/read-gone.ts';
import { Spool } from '../../../healer/watcher/spool.ts';
import { watchLogs } from '../../../healer/watcher/watcher.ts';

const scratch = mkdtempSync(join(tmpdir(), 'self-healing-gz-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let made = 0;

/** What was delivered of one log over several starts, by the number that each line carries. */
function watched() {
  const cwd = join(scratch, String(++made));
  mkdirSync(cwd);
  const seen: string[] = [];
  const logged: { event: string; why?: unknown; bytes?: unknown }[] = [];
  let watching: { stop: () => Promise<void> } | undefined;
  return {
    log: join(cwd, 'app.log'),
    seen,
    logged,
    start() {
      const ended = new AbortController();
      const over = watchLogs(
        {
          sources: [{ glob: 'app.log' }],
          cwd,
          spool: new Spool(join(cwd, 'spool')),
          normalizeOptions: async () => ({}),
          deliver: async ({ events }) => {
            for (const { message, count } of events)
              for (let at = 0; at < count; at++) seen.push(/fails in (\w+)/.exec(message)?.[1] ?? message);
            return { outcome: 'accepted' };
          },
          now: () => new Date('2026-11-20T10:00:00Z'),
          log: (_level, event, fields) => void logged.push({ event, ...fields }),
        },
        ended.signal,
      );
      watching = {
        async stop() {
          ended.abort();
          await over;
        },
      };
    },
    async stop() {
      await watching?.stop();
    },
    /** Waits until so many were delivered, and a little for more than that. */
    async until(...wanted: string[]) {
      await vi.waitFor(() => expect([...seen].sort()).toEqual([...wanted].sort()), { timeout: 30_000, interval: 20 });
      await sleep(300);
      expect([...seen].sort()).toEqual([...wanted].sort());
    },
    problems: () => logged.filter(({ event }) => event !== 'read_compressed'),
  };
}

const line = (word: string) => `2026-11-20T10:00:00.000Z ERROR it fails in ${word}\n`;
const quiet = (n: number) =>
  Array.from({ length: n }, (_, at) => `2026-11-20T10:00:00.000Z INFO tick ${at}\n`).join('');
/** As a rotation does it, which keeps the time of the file. */
const gzip = (path: string) => execFileSync('gzip', [path]);

describe('a log that was compressed', () => {
  it('while nobody watched: its rest is read from there, once, and the next file from its beginning', async () => {
    const one = watched();
    writeFileSync(one.log, line('alpha') + quiet(100));
    one.start();
    await one.until('alpha');
    await one.stop();

    appendFileSync(one.log, quiet(5000) + line('beta'));
    renameSync(one.log, `${one.log}.1`);
    gzip(`${one.log}.1`);
    writeFileSync(one.log, line('gamma'));
    one.start();
    await one.until('alpha', 'beta', 'gamma');
    expect(one.problems()).toEqual([]);
    expect(one.logged).toMatchObject([{ event: 'read_compressed', bytes: expect.any(Number) }]);
    await one.stop();
    one.start();
    await one.until('alpha', 'beta', 'gamma');
    await one.stop();
  }, 60_000);

  it('between two looks, copied and truncated: its rest is read from there', async () => {
    const one = watched();
    writeFileSync(one.log, line('alpha'));
    one.start();
    await one.until('alpha');
    appendFileSync(one.log, quiet(50) + line('beta') + line('half').slice(0, 40));
    appendFileSync(one.log, line('half').slice(40));
    copyFileSync(one.log, `${one.log}.1`);
    gzip(`${one.log}.1`);
    truncateSync(one.log);
    appendFileSync(one.log, line('gamma'));
    await one.until('alpha', 'beta', 'half', 'gamma');
    await one.stop();
    one.start();
    await one.until('alpha', 'beta', 'half', 'gamma');
    await one.stop();
    expect(one.problems()).toEqual([]);
  }, 60_000);

  it('whole, while nobody watched: read where its time was kept, else said with its size', async () => {
    const one = watched();
    writeFileSync(one.log, line('alpha'));
    const minutesAgo = (minutes: number) => Date.now() / 1000 - minutes * 60;
    utimesSync(one.log, minutesAgo(9), minutesAgo(9));
    one.start();
    await one.until('alpha');
    await one.stop();

    renameSync(one.log, `${one.log}.3`);
    gzip(`${one.log}.3`);
    writeFileSync(`${one.log}.2`, line('beta'));
    utimesSync(`${one.log}.2`, minutesAgo(5), minutesAgo(5));
    gzip(`${one.log}.2`);
    // Of whoever does not keep the time: it may have been read long ago.
    writeFileSync(`${one.log}.1.gz`, gzipSync(line('unknown')));
    writeFileSync(one.log, line('gamma'));
    one.start();
    await one.until('alpha', 'beta', 'gamma');
    await one.stop();
    expect(one.problems()).toMatchObject([
      { event: 'not_read', why: expect.stringMatching(/app\.log\.1\.gz \(\d+ bytes\) may hold/) },
    ]);
    one.start();
    await one.until('alpha', 'beta', 'gamma');
    await one.stop();
  }, 60_000);

  it('whose content is another one, is not read', async () => {
    const one = watched();
    const same = quiet(20);
    writeFileSync(one.log, `${same}${line('alpha')}`);
    one.start();
    await one.until('alpha');
    await one.stop();
    rmSync(one.log);
    // It begins as what was read, and goes on otherwise.
    writeFileSync(`${one.log}.1.gz`, gzipSync(`${same}${line('other')}${line('beta')}`));
    one.start();
    await vi.waitFor(() => expect(one.problems()).not.toEqual([]), { timeout: 20_000 });
    await one.until('alpha');
    await one.stop();
    expect(one.problems()).toMatchObject([
      {
        event: 'rotated_away',
        why: expect.stringMatching(/it holds something else; behind byte \d+ \d+ bytes are lost/),
      },
    ]);
  }, 60_000);

  it('and is broken: what can be read is, and how much is lost is said', async () => {
    const one = watched();
    writeFileSync(one.log, line('alpha'));
    one.start();
    await one.until('alpha');
    await one.stop();
    const noise = Array.from({ length: 20_000 }, (_, at) => `${line('beta')}INFO ${Math.sin(at)}\n`).join('');
    const all = gzipSync(line('alpha') + noise);
    rmSync(one.log);
    const broken = Buffer.concat([all.subarray(0, all.length / 2), Buffer.alloc(2000, 7), all.subarray(-8)]);
    writeFileSync(`${one.log}.1.gz`, broken);
    one.start();
    await vi.waitFor(() => expect(one.problems()).not.toEqual([]), { timeout: 20_000 });
    await one.stop();
    const [problem] = one.problems();
    const lost = Number(/(\d+) bytes are lost/.exec(String(problem?.why))?.[1]);
    expect(lost).toBeGreaterThan(0);
    expect(lost).toBeLessThan(noise.length);
    expect(one.seen.length).toBeGreaterThan(100);
  }, 60_000);
});

it('is read on where it was left when reading was ended in its middle: every line once', async () => {
  const cwd = join(scratch, String(++made));
  mkdirSync(cwd);
  const log = join(cwd, 'app.log');
  writeFileSync(log, line('begin'));
  const wanted = Array.from({ length: 300 }, (_, at) => `w${at}x`);
  const seen: string[] = [];
  const logs = (known: unknown) =>
    new LogFiles(
      { sources: [{ glob: 'app.log' }], cwd, nowMs: () => 0, problem: (...said) => expect(said).toEqual([]) },
      known as [],
    );
  // As it was left behind the first line.
  const { dev, ino, mtimeMs } = statSync(log);
  const fd = openSync(log, 'r');
  const left = { path: log, dev, ino, mtime_ms: mtimeMs, ...contentOf(fd, line('begin').length) };
  closeSync(fd);
  let positions = JSON.stringify([left]);

  appendFileSync(log, wanted.map((word) => quiet(40) + line(word)).join(''));
  renameSync(log, `${log}.1`);
  gzip(`${log}.1`);
  for (let starts = 0; starts < 200; starts++) {
    const files = logs(JSON.parse(positions));
    const ended = new AbortController();
    let over = true;
    for (const gone of files.gone) {
      over = await readGone(gone, {
        async take(windows) {
          for (const { text } of windows)
            seen.push(...[...text.matchAll(/fails in (\w+)/g)].map(([, word]) => word ?? ''));
          positions = JSON.stringify(files.positions());
          ended.abort();
        },
        log: () => {},
        signal: ended.signal,
      });
      if (over) files.settle(gone);
    }
    files.close();
    if (over) break;
  }
  expect(seen).toEqual(wanted);
  expect(readFileSync(`${log}.1.gz`).length).toBeGreaterThan(0);
}, 120_000);
