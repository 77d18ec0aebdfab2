/** What the stop gate knows, read from the database. */
import { type Stop, stopModeOf } from '../../hooks/guard/agent-stop.ts';
import { bindingOf } from '../../store/bindings.ts';
import { diagnosisOf } from '../../store/diagnoses.ts';
import { stoppedRun } from '../../store/loop-states.ts';
import { partVerificationsOf } from '../../store/part-verifications.ts';
import { planOf } from '../../store/plans.ts';
import { runOf, runsOf } from '../../store/runs.ts';
import { bumpStopBlocks, stopBlocks } from '../../store/stop-blocks.ts';
import { openWorkbench, type Workbench } from '../workbench.ts';
import { escalate } from './escalate.ts';
import { requestOf } from './proposal-request.ts';

export interface StoppingAgent {
  sessionId: string;
  /** Empty for the session's main conversation. */
  agentId: string;
  /** The incident of a headless run. */
  headless: string | undefined;
}

/** Satisfies `StopState` of `hooks/stop.ts`, in a process of its own; close it. */
export async function stopState(folder: string, agent: StoppingAgent) {
  const bench = await openWorkbench(folder);
  return { ...stopStateIn(bench, agent), close: (): Promise<void> => bench.close() };
}

/** The same where a database is open already. */
export function stopStateIn(bench: Workbench, agent: StoppingAgent) {
  const incident = agent.headless ?? bindingOf(bench.db, agent.sessionId, agent.agentId)?.incident;
  const headlessRun = agent.headless === undefined ? undefined : process.env.SELF_HEALING_RUN;
  const part = (headlessRun !== undefined && runOf(bench.db, headlessRun)?.part) || undefined;
  const hasPart = (id: string, round: number): boolean =>
    part === 'plan'
      ? planOf(bench.db, id, round) !== undefined
      : partVerificationsOf(bench.db, id, round).some(({ run }) => run === headlessRun);
  return {
    run: agent.headless === undefined ? undefined : (process.env.SELF_HEALING_RUN ?? agent.sessionId),
    incident,
    part,
    async diagnosed(id: string): Promise<boolean> {
      const record = await bench.incidents.get(id);
      return record !== undefined && diagnosisOf(bench.db, id, record.round) !== undefined;
    },
    async ended(id: string): Promise<boolean> {
      const record = await bench.incidents.get(id);
      if (record?.status !== 'healing') return true;
      if (part !== undefined) return hasPart(id, record.round);
      return agent.headless !== undefined && requestOf(bench, id, record.round) !== undefined;
    },
    bump: (key: string): number => bumpStopBlocks(bench.db, key),
    sentBack: (key: string): number => stopBlocks(bench.db, key),
    async stopped(id: string): Promise<Stop | undefined> {
      const round = (await bench.incidents.get(id))?.round;
      const run =
        agent.headless === undefined
          ? runsOf(bench.db, id, round).findLast(({ phase }) => phase === 'session')?.id
          : process.env.SELF_HEALING_RUN;
      const mark = run === undefined ? undefined : stoppedRun(bench.db, run);
      const mode = mark && stopModeOf(mark.rule);
      return mode && { mode, evidence: mark.evidence };
    },
    async escalate(id: string, reason: string, failureMode: 'partial' | Stop['mode']): Promise<void> {
      await escalate(bench, {
        incident: id,
        reason,
        needs: 'Decide whether to try again or to fix it by hand.',
        failureMode,
        who: 'guard',
      });
    },
  };
}
