/** The workbench of one command: opened in the folder it was called in, closed whatever happens. */
import { UserError } from '../events/errors.ts';
import { hasState, openWorkbench, type Workbench } from '../healer/workbench.ts';
import type { Call } from './command.ts';

export async function withBench<T>(call: Call, work: (bench: Workbench) => Promise<T>): Promise<T> {
  const bench = await openWorkbench(call.cwd);
  try {
    return await work(bench);
  } finally {
    await bench.close();
  }
}

/** For commands about an incident: where nothing was recorded there is none, and none of our folders is made. */
export async function withIncidents<T>(call: Call, work: (bench: Workbench) => Promise<T>): Promise<T> {
  return withBench(call, async (bench) => {
    if (hasState(bench)) return work(bench);
    throw new UserError(
      `No incident was recorded in ${bench.repository.root} yet.`,
      'Give it an error: `self-healing heal --error FILE`.',
      'not_found',
    );
  });
}
