/** Where a check runs: the real folder of the checkout, a temporary one of its own, and the environment of checks. */
import { mkdir, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { redact } from '../../events/redact.ts';
import { removeForce } from '../checkout/cleaning.ts';
import { SCRATCH_PREFIX } from '../checkout/pruning.ts';
import { activatedPath } from '../dependencies/activated-path.ts';
import { checkEnvironment } from './environment.ts';
import { type Confine, openSandbox } from './sandbox.ts';

export interface RunPlace {
  checkout: string;
  /** Gone after the run. */
  scratch: string;
  env: Record<string, string> & { PATH: string };
  confine: Confine;
}

/** @param declared `tests.env` of the base's config. */
export async function withRunPlace<T>(
  path: string,
  declared: Record<string, string>,
  work: (place: RunPlace) => Promise<T>,
): Promise<T> {
  const scratch = await mkdtemp(join(tmpdir(), SCRATCH_PREFIX));
  try {
    const checkout = await realpath(path);
    const folders = { home: join(scratch, 'home'), temp: join(scratch, 'tmp') };
    for (const folder of Object.values(folders)) await mkdir(folder);
    const env = checkEnvironment(folders, declared);
    const confine = await openSandbox({ checkout, scratch: await realpath(scratch) });
    return await work({
      checkout,
      scratch,
      confine,
      env: { ...env, PATH: await activatedPath(env.PATH ?? '', checkout) },
    });
  } finally {
    await removeForce(scratch);
  }
}

const TAIL_LIMIT = 4096;

/** The end of an output, redacted and bounded, for evidence. */
export function tailOf(output: string, ips: boolean): string {
  const text = redact(stripVTControlCharacters(output.slice(-4 * TAIL_LIMIT)), { ips }).trimEnd();
  return text.length <= TAIL_LIMIT ? text : `…${text.slice(1 - TAIL_LIMIT)}`;
}
