/**
 * The processes of a run beyond its process group: shells start groups of their own, and a background command outlives
 * its shell. They are known by their parents, and by a variable (the mark) that the run's environment carries. Linux
 * only; elsewhere the process group is all that is known.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Process {
  pid: number;
  parent: number;
  group: number;
  /** When it started, in the kernel's ticks since boot: numbers are given out again. */
  born: string;
  /** The kernel's clock ticks of itself and of its ended children. */
  cpu: number;
}

/** Every process below `ancestor` or in its group, itself included, and all that carry the mark, written `NAME=value`. */
export function processesOf(mark: string | undefined, ancestor: number | undefined): Process[] {
  const all = listProcesses();
  const below = new Set(all.filter(({ pid, group }) => pid === ancestor || group === ancestor).map(({ pid }) => pid));
  for (let grew = true; grew; ) {
    grew = false;
    for (const { pid, parent } of all)
      if (below.has(parent) && !below.has(pid)) {
        below.add(pid);
        grew = true;
      }
  }
  return all.filter(({ pid }) => pid !== process.pid && (below.has(pid) || (mark !== undefined && carries(pid, mark))));
}

/** Ends everything that carries the mark. Resolves when it is gone, or cannot be ended. */
export async function endProcesses(mark: string): Promise<void> {
  for (let wait = 10; wait < 1000; wait *= 2) {
    const left = processesOf(mark, undefined);
    if (left.length === 0) return;
    for (const { pid } of left) kill(pid);
    await sleep(wait);
  }
}

/** Ends those of them that still run and are still the same. */
export function endKnown(processes: Iterable<Process>): void {
  for (const { pid, born } of processes) if (read(pid)?.born === born) kill(pid);
}

/** Bytes that a process has written anywhere. */
export function writtenBy(pid: number): number {
  try {
    return Number(/^wchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** What runs on this machine and has not ended; empty where /proc does not tell. */
function listProcesses(): Process[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (read(Number(name)) ?? []) : []));
}

function read(pid: number): Process | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name stands in parentheses and may hold anything. From the state on, fields are counted from 0.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const cpu = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index] ?? 0), 0);
    return { pid, parent: Number(fields[1]), group: Number(fields[2]), born: fields[19] ?? '', cpu };
  } catch {
    return undefined; // it ended while we looked
  }
}

function carries(pid: number, mark: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(mark);
  } catch {
    return false; // somebody else's
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it ended while we looked, or is not ours to end
  }
}
