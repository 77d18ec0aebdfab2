/** Errors in what is piped in. There is no place to go on from: what was read and had not been found is gone with the pipe. */
import type { Readable } from 'node:stream';
import { Sifter } from '../../events/log-line/sifter.ts';
import { batchesOf, eventsOf } from './batches.ts';
import { Bell, deliverAll, type WatcherOptions } from './watcher.ts';

const LINE_FEED = 0x0a;
const MAX_LINE = 1024 * 1024;
/** A stack that stops for this long has ended. */
const QUIET_MS = 500;

/** Runs until the end of the input, or the signal. */
export async function watchLines(input: Readable, options: WatcherOptions, signal: AbortSignal): Promise<void> {
  const { spool, now } = options;
  const source = { glob: '-', ...options.sources.find(({ glob }) => glob === '-') };
  const sifter = new Sifter();
  const found = new Bell();
  const ended = new AbortController();
  const delivering = deliverAll(options, found, ended.signal);
  const take = async (windows: string[]) => {
    if (windows.length === 0) return;
    const read = { ...(await options.normalizeOptions()), now: now() };
    const events = eventsOf(
      windows.map((text) => ({ text, source, path: '-' })),
      read,
    );
    if (events.length === 0) return;
    spool.commit(batchesOf(events), spool.positions);
    found.ring();
  };
  let quiet: NodeJS.Timeout | undefined;
  let taking = Promise.resolve();
  const stop = () => input.destroy();
  signal.addEventListener('abort', stop, { once: true });
  let half = Buffer.alloc(0);
  try {
    for await (const chunk of input as AsyncIterable<Buffer>) {
      clearTimeout(quiet);
      const bytes = Buffer.concat([half, chunk]);
      const end = bytes.length > MAX_LINE ? bytes.length : bytes.lastIndexOf(LINE_FEED) + 1;
      half = Buffer.from(bytes.subarray(end));
      taking = taking.then(() => take(end > 0 ? sifter.push(bytes.subarray(0, end)) : []));
      await taking;
      quiet = setTimeout(() => {
        taking = taking.then(() => take(sifter.flush()));
      }, QUIET_MS);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    clearTimeout(quiet);
    signal.removeEventListener('abort', stop);
    await taking;
    await take([...(half.length > 0 ? sifter.push(half) : []), ...sifter.flush()]);
    ended.abort();
    await delivering;
  }
}
