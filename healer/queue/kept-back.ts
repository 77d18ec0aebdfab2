/**
 * What policy lets out and a pause kept back: the process that proved it publishes it once the pause is over. Remembered in
 * memory like its evidence; after a restart it waits for a person.
 */
import { describeError } from '../../events/errors.ts';
import { openDecisions } from '../../store/approvals.ts';
import { whyAPersonDecides } from '../fixes/propose.ts';
import { closeFix } from '../fixes/require-fix.ts';
import { reopenFix } from '../fixes/start-fix.ts';
import { currentPass } from '../fixes/verified-tree.ts';
import type { Log } from '../intake/log.ts';
import { publish } from '../publishing/publish.ts';
import type { Workbench } from '../workbench.ts';

export interface KeptBack {
  bench: Workbench;
  env: NodeJS.ProcessEnv;
  log: Log;
  signal: AbortSignal;
}

/** True when it was kept back once more, by the next pause. */
export async function publishKeptBack({ bench, env, log, signal }: KeptBack, incident: string): Promise<boolean> {
  // Somebody's own yes is carried out by itself.
  const isDecided = openDecisions(bench.db).some((decision) => decision.incident === incident);
  if (isDecided || (await bench.incidents.get(incident))?.status !== 'awaiting_publish') return false;
  try {
    const fix = await reopenFix(bench, incident, signal);
    const why = await whyAPersonDecides(bench, fix, await currentPass(bench, fix));
    if (why !== undefined) {
      log('info', 'left_to_person', { incident, why });
      return false;
    }
    const result = await publish(bench, incident, { who: 'policy', by: 'parent', env, signal });
    const about = result.status === 'proposed' ? { branch: result.branch, url: result.url } : { why: result.why };
    log('info', 'published_after_pause', { incident, status: result.status, ...about });
    return result.status === 'paused';
  } catch (error) {
    log('warn', 'left_to_person', { incident, why: describeError(error).message });
    return false;
  } finally {
    await closeFix(bench, incident);
  }
}
