/**
 * Whether a run that says nothing is at work: while a tool call is open, the processor time and the output of what runs
 * below the client count as life. The client alone does not: it ticks on while it waits for an answer that never comes.
 */
import { processesOf, writtenBy } from '../../gate/marked-processes.ts';
import { runMark } from './run-mark.ts';

/** A sleeping process is woken now and then; this much of a processor is work, and so much of it at least. */
const BUSY_SHARE = 0.01;
const BUSY_SECONDS = 0.02;
/** Of Linux, for every platform that Node runs on. */
const TICKS_PER_SECOND = 100;

export interface LifeSample {
  /** Milliseconds. */
  at: number;
  /** By process, numbers that were given out again told apart. */
  of: Map<string, { cpu: number; written: number }>;
}

/** True when between two samples something ran or wrote. A process that is gone takes nothing back of what others did. */
export function isAlive(before: LifeSample, after: LifeSample): boolean {
  let ticks = 0;
  for (const [process, { cpu, written }] of after.of) {
    const known = before.of.get(process);
    if (written > (known?.written ?? 0)) return true;
    ticks += cpu - (known?.cpu ?? 0);
  }
  return ticks / TICKS_PER_SECOND > Math.max(BUSY_SECONDS, ((after.at - before.at) / 1000) * BUSY_SHARE);
}

export function sampleLife(run: string, client: number | undefined, at = performance.now()): LifeSample {
  const of: LifeSample['of'] = new Map();
  for (const { pid, born, cpu } of processesOf(runMark(run), client))
    if (pid !== client) of.set(`${pid} ${born}`, { cpu, written: writtenBy(pid) });
  return { at, of };
}
