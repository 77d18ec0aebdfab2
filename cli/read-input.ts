/** The text of a FILE argument, or of standard input for `-`. Bytes that are no UTF-8 become replacement characters. */
import { open as openFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { UserError } from '../events/errors.ts';
import type { Call } from './command.ts';

/** A log larger than this is not read into memory: nobody means all of it. */
const LARGEST_BYTES = 256 * 1024 * 1024;

/** Throws UserError when there is no such file, or it is too large. */
export async function readText(file: string, call: Call): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of await open(file, call)) {
    size += chunk.length;
    if (size > LARGEST_BYTES)
      throw new UserError(
        `${nameOf(file)} is larger than ${LARGEST_BYTES / 1024 / 1024} MiB.`,
        'Give the part around the error, such as `tail -n 5000 FILE | … -`.',
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Line by line, however large; line ends are left out. */
export async function* readLines(file: string, call: Call): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  // Joined at its end only: a line of many chunks would be copied with each of them.
  let begun: string[] = [];
  for await (const chunk of await open(file, call)) {
    const [first = '', ...others] = decoder.decode(chunk, { stream: true }).split('\n');
    begun.push(first);
    const last = others.pop();
    if (last === undefined) continue;
    for (const line of [begun.join(''), ...others]) yield line.replace(/\r$/, '');
    begun = [last];
  }
  const rest = begun.join('') + decoder.decode();
  if (rest !== '') yield rest.replace(/\r$/, '');
}

async function open(file: string, call: Call): Promise<Readable & AsyncIterable<Buffer>> {
  if (file === '-') {
    call.signal.addEventListener('abort', () => process.stdin.destroy(), { once: true });
    if (process.stdin.isTTY) call.warn('Reading from the terminal; Ctrl-D ends the text.');
    return process.stdin;
  }
  const path = resolve(call.cwd, file);
  const handle = await openFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      error.code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read: ${error.message}.`,
      'Give a text file that you may read, or - for standard input.',
    );
  });
  if ((await handle.stat()).isDirectory()) {
    await handle.close();
    throw new UserError(`${file} is a folder.`, 'Give a text file, or - for standard input.');
  }
  return handle.createReadStream({ signal: call.signal });
}

function nameOf(file: string): string {
  return file === '-' ? 'Standard input' : file;
}
