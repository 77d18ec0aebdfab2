import { z } from 'zod';
import { fingerprintLine } from '../../events/fingerprint.ts';
import { command } from '../command.ts';
import { readLines } from '../read-input.ts';

/** Lines that are answered together: enough for speed, few enough for memory. */
const BATCH = 2000;

export const fingerprintCommand = command({
  name: 'fingerprint',
  arguments: ['[file]'],
  summary: 'the fingerprint and the masked template of each line',
  options: [['--json', 'one JSON object per line']],
  input: z.object({ file: z.string().default('-'), json: z.boolean().default(false) }),
  async run({ file, json }, call) {
    let batch: string[] = [];
    for await (const line of readLines(file, call)) {
      const found = fingerprintLine(line);
      batch.push(json ? JSON.stringify(found) : `${found.fingerprint}\t${found.template}`);
      if (batch.length < BATCH) continue;
      await call.print(batch.join('\n'));
      batch = [];
    }
    return { text: batch.join('\n') };
  },
});
