/**
 * Whether a run that says nothing is at work: while a tool call is open, the processor time and the output of what runs
 * below the client count as life. The client alone does not: it ticks on while it waits for an answer that never comes.
 */
import { type Process, processesOf, writtenBy } from '../../gate/marked-processes.ts';
import { runMark } from './run-mark.ts';

/** A sleeping process is woken now and then; this much of a processor is work. */
const BUSY_SHARE = 0.01;
/** Of Linux, for every platform that Node runs on. */
const TICKS_PER_SECOND = 100;

export interface LifeSample {
  at: number;
  cpu: number;
  written: number;
}

/** True when between two samples something ran or wrote. */
export function isAlive(before: LifeSample, after: LifeSample): boolean {
  const seconds = (after.at - before.at) / 1000;
  const busy = (after.cpu - before.cpu) / TICKS_PER_SECOND;
  return after.written > before.written || busy > seconds * BUSY_SHARE;
}

export function sampleLife(run: string, client: number | undefined, at = performance.now()): LifeSample {
  const tools = processesOf(runMark(run), client).filter(({ pid }) => pid !== client);
  const sum = (of: (process: Process) => number) => tools.reduce((total, process) => total + of(process), 0);
  return { at, cpu: sum(({ cpu }) => cpu), written: sum(({ pid }) => writtenBy(pid)) };
}
