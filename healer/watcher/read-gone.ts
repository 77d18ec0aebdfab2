/** Reads the rest of a file that was compressed before its end was read, once, and says what of it is lost. */
import { gzSize, readGz } from './compressed.ts';
import type { Gone, Window } from './log-files.ts';
import type { WatcherLog } from './watcher-log.ts';

export interface GoneReader {
  /** The windows and the place up to which they go are on disk when this resolves. */
  take: (windows: Window[]) => Promise<void>;
  log: WatcherLog;
  signal: AbortSignal;
}

/** False when it was ended before: the next start goes on at the place reached. */
export async function readGone(gone: Gone, { take, log, signal }: GoneReader): Promise<boolean> {
  const { file, source, held } = gone;
  const { path, offset } = gone.position;
  let bytes = 0;
  for await (const read of readGz(file.path, gone.position, signal)) {
    if (signal.aborted) return false;
    bytes = read.bytes;
    if ('why' in read) {
      const left = (gzSize(file) ?? 0) - offset - bytes;
      const lost = left > 0 ? `${left} bytes are lost` : 'what stood there is lost';
      log('warn', 'rotated_away', { path, why: `${file.path}: ${read.why}; behind byte ${offset + bytes} ${lost}` });
      // What was begun of it is given out as it is.
      if (bytes === 0) await take(held);
      return true;
    }
    gone.position = { ...gone.position, ...read.content };
    await take(read.windows.map((text) => ({ text, source, path })));
  }
  if (signal.aborted) return false;
  log('info', 'read_compressed', { path, file: file.path, bytes });
  return true;
}
