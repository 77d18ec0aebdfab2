/** What the stop gate knows, read from the database by a process of its own. */
import { bindingOf } from '../../store/bindings.ts';
import { diagnosisOf } from '../../store/diagnoses.ts';
import { bumpStopBlocks } from '../../store/stop-blocks.ts';
import { openWorkbench } from '../workbench.ts';
import { escalate } from './escalate.ts';
import { requestOf } from './proposal-request.ts';

export interface StoppingAgent {
  sessionId: string;
  /** Empty for the session's main conversation. */
  agentId: string;
  /** The incident of a headless run. */
  headless: string | undefined;
}

/** Satisfies `StopState` of `hooks/stop.ts`. */
export async function stopState(folder: string, agent: StoppingAgent) {
  const bench = await openWorkbench(folder);
  const incident = agent.headless ?? bindingOf(bench.db, agent.sessionId, agent.agentId)?.incident;
  return {
    run: agent.headless === undefined ? undefined : (process.env.SELF_HEALING_RUN ?? agent.sessionId),
    incident,
    async diagnosed(id: string): Promise<boolean> {
      const record = await bench.incidents.get(id);
      return record !== undefined && diagnosisOf(bench.db, id, record.round) !== undefined;
    },
    async ended(id: string): Promise<boolean> {
      const record = await bench.incidents.get(id);
      if (record?.status !== 'healing') return true;
      return agent.headless !== undefined && requestOf(bench, id, record.round) !== undefined;
    },
    bump: (key: string): number => bumpStopBlocks(bench.db, key),
    async escalate(id: string, reason: string): Promise<void> {
      await escalate(bench, {
        incident: id,
        reason,
        needs: 'Decide whether to try again or to fix it by hand.',
        failureMode: 'partial',
        who: 'guard',
      });
    },
    close: (): Promise<void> => bench.close(),
  };
}
