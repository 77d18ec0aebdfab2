/** Whether checks run in a sandbox, and whether they could: tried for real, in a folder of its own. */
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeError } from '../../events/errors.ts';
import { openSandbox, sandboxMode, sandboxWords } from '../../gate/runner/sandbox.ts';
import { type Check, check, firstLine, ok } from './check.ts';

/** Off is no fault: suites use services of the host. Asked for and not working is one, because then nothing is judged. */
export function sandboxCheck(env: NodeJS.ProcessEnv): Promise<Check> {
  return check('sandbox', async () => {
    const mode = sandboxMode(env);
    if (mode !== 'off') {
      await tried(env);
      return ok(`${mode}: checks run ${sandboxWords(mode)}`);
    }
    const problem = await tried({ ...env, SELF_HEALING_SANDBOX: 'on' }).catch((error) => describeError(error).message);
    if (problem === undefined)
      return ok('off, and available: SELF_HEALING_SANDBOX=on (or no-network) puts checks into it');
    return ok(`off, and not available here: ${firstLine(problem)}`);
  });
}

/** Throws what `openSandbox` throws. */
async function tried(env: NodeJS.ProcessEnv): Promise<undefined> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'self-healing-doctor-')));
  try {
    const [checkout, scratch] = [join(folder, 'checkout'), join(folder, 'scratch')];
    await Promise.all([mkdir(checkout), mkdir(scratch)]);
    await openSandbox({ checkout, scratch }, env);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
