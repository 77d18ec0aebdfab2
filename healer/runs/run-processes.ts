/**
 * The processes of a run beyond its process group: the client starts shells in groups of their own, and a background
 * command outlives its shell. They are known by their parents, and by the variable that the run's environment carries.
 * Linux only; elsewhere the process group is all that is known.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface RunProcess {
  pid: number;
  /** The kernel's clock ticks of itself and of its ended children. */
  cpu: number;
  /** Bytes it has written anywhere. */
  written: number;
}

/** Every process below `client`, and every one that carries the run's mark. */
export function processesOf(run: string, client: number | undefined): RunProcess[] {
  if (process.platform !== 'linux') return [];
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? stat(Number(name)) : []));
  const below = new Set<number>(client === undefined ? [] : [client]);
  for (let grew = true; grew; ) {
    grew = false;
    for (const { pid, parent } of all)
      if (below.has(parent) && !below.has(pid)) {
        below.add(pid);
        grew = true;
      }
  }
  const mark = `SELF_HEALING_RUN=${run}`;
  return all
    .filter(({ pid }) => pid !== process.pid && (below.has(pid) || carries(pid, mark)))
    .map(({ pid, cpu }) => ({ pid, cpu, written: writtenBy(pid) }));
}

/** Ends what is left of a run. Resolves when it is gone, or cannot be ended. */
export async function endProcesses(run: string): Promise<void> {
  for (let wait = 10; wait < 1000; wait *= 2) {
    const left = processesOf(run, undefined);
    if (left.length === 0) return;
    for (const { pid } of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // it ended while we looked, or is not ours to end
      }
    }
    await sleep(wait);
  }
}

function stat(pid: number): { pid: number; parent: number; cpu: number }[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name stands in parentheses and may hold anything. From the state on, fields are counted from 0.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return [];
    const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index] ?? 0), 0);
    return [{ pid, parent: Number(fields[1]), cpu: ticks }];
  } catch {
    return []; // it ended while we looked
  }
}

function carries(pid: number, mark: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(mark);
  } catch {
    return false; // somebody else's
  }
}

function writtenBy(pid: number): number {
  try {
    return Number(/^wchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
