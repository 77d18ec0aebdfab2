/**
 * How much of the machine a check may take before it is ended. The numbers are generous: they are for a fork bomb and for
 * a leak, not for a suite that works hard. Processes and memory are looked at twice a second, on Linux, which holds for
 * root as well (the kernel's own limit of processes is per user and does not bind root) and needs no privilege. Address
 * space is not limited: runtimes reserve far more of it than they use.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import type { Process } from './marked-processes.ts';

export interface RunLimits {
  /** Processes at the same time. */
  processes: number;
  /** Bytes of memory that is its own, all of its processes together. */
  memory: number;
  /** Bytes of one file that it writes. */
  file: number;
}

export type OverLimit = keyof RunLimits;

const GIB = 1024 ** 3;
/** The kernel's points for whom to end first when memory runs out: below 1000, which is "always the first". */
const OUT_OF_MEMORY_POINTS = '800';

export function checkLimits(): RunLimits {
  return { processes: 2048, memory: Math.floor(machineMemory() * 0.9), file: 8 * GIB };
}

/** What this machine has, or this container may use. */
function machineMemory(): number {
  const constrained = process.constrainedMemory?.() ?? 0;
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

/** Which limit these processes of one run are over. */
export function overLimit(processes: readonly Process[], limits: RunLimits): OverLimit | null {
  if (processes.length > limits.processes) return 'processes';
  // Pages shared since a fork count once per process here; only the dear second look counts them by their share.
  if (sumOf(processes, resident) <= limits.memory) return null;
  return sumOf(processes, share) > limits.memory ? 'memory' : null;
}

/** Why it was ended, as a sentence. */
export function limitSentence(over: OverLimit, limits: RunLimits): string {
  switch (over) {
    case 'processes':
      return `It was ended because it ran more than ${limits.processes} processes at the same time.`;
    case 'memory':
      return `It was ended because it took more than ${size(limits.memory)} of memory.`;
    case 'file':
      return `It was ended because it wrote a file of more than ${size(limits.file)}.`;
    default:
      return over satisfies never;
  }
}

/** When memory runs out all the same, the kernel ends the check and not who judges it. */
export function offerFirst(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, OUT_OF_MEMORY_POINTS);
  } catch {
    // it ended already, or this is no Linux
  }
}

function sumOf(processes: readonly Process[], bytes: (pid: number) => number): number {
  return processes.reduce((sum, { pid }) => sum + bytes(pid), 0);
}

function resident(pid: number): number {
  return kilobytes(`/proc/${pid}/status`, /^RssAnon:\s+(\d+) kB/m);
}

function share(pid: number): number {
  return kilobytes(`/proc/${pid}/smaps_rollup`, /^Pss_Anon:\s+(\d+) kB/m);
}

function kilobytes(path: string, pattern: RegExp): number {
  try {
    return Number(pattern.exec(readFileSync(path, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0; // it ended while we looked
  }
}

function size(bytes: number): string {
  return bytes >= GIB ? `${Math.round((bytes / GIB) * 10) / 10} GiB` : `${Math.round(bytes / 1024 ** 2)} MiB`;
}
