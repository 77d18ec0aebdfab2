/**
 * A service that runs for as long as requests are sent to it: started in a process group of its own, waited for with a
 * clock, and gone when `withService` returns, whatever happened meanwhile.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { PORT_MARK } from '../../../context/schemas/scenarios.ts';
import type { GroupResult } from '../../process-group.ts';
import { runCheckProcess } from '../../runner/check-process.ts';
import type { Confine } from '../../runner/sandbox.ts';
import { freePort, isFree } from './port.ts';

export interface ServiceRequest {
  start: string;
  ready: string;
  cwd: string;
  env: Record<string, string>;
  confine: Confine;
  /** For everything: the start, the wait, the requests. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  onOutput?: ((text: string) => void) | undefined;
}

export interface RunningService {
  /** `http://127.0.0.1:4711` */
  origin: string;
  port: number;
  /** Aborted when the service ended, when its time is up, and when the whole run is stopped. */
  signal: AbortSignal;
  /** How it ended; null while it runs. */
  ended(): GroupResult | null;
}

export type Served<T> =
  | { status: 'served'; value: T; group: GroupResult }
  | { status: 'not_ready'; code: string; why: string; group: GroupResult | null };

/** Between two questions whether it is ready. */
const PAUSE_MS = 50;

export async function withService<T>(
  request: ServiceRequest,
  work: (service: RunningService) => Promise<T>,
): Promise<Served<T>> {
  const named = request.ready.includes(PORT_MARK) || request.start.includes(PORT_MARK);
  const literal = portOf(request.ready);
  const port = named || literal === null ? await freePort() : literal;
  const release = port === literal ? await turnAt(port) : () => {};
  try {
    if (port === literal && !(await isFree(port))) return inUse(port);
    return await serve(request, port, work);
  } finally {
    release();
  }
}

/** Services that share a port of their own choice run one after the other. */
const turns = new Map<number, Promise<void>>();

async function turnAt(port: number): Promise<() => void> {
  const before = turns.get(port) ?? Promise.resolve();
  let release = () => {};
  const mine = new Promise<void>((resolve) => {
    release = resolve;
  });
  turns.set(
    port,
    before.then(() => mine),
  );
  await before;
  return release;
}

async function serve<T>(
  request: ServiceRequest,
  port: number,
  work: (service: RunningService) => Promise<T>,
): Promise<Served<T>> {
  const ready = new URL(request.ready.replaceAll(PORT_MARK, String(port)));

  const stop = new AbortController();
  const over = new AbortController();
  let group: GroupResult | null = null;
  // A line that people committed, also where an agent's scenario names it: no other may be started (agent-scenario.ts).
  const running = runCheckProcess(
    { shell: request.start.replaceAll(PORT_MARK, String(port)) },
    {
      cwd: request.cwd,
      env: { ...request.env, PORT: String(port) },
      confine: request.confine,
      timeoutMs: request.timeoutMs,
      signal: request.signal ? AbortSignal.any([request.signal, stop.signal]) : stop.signal,
      ...(request.onOutput ? { onOutput: request.onOutput } : {}),
    },
  ).then((result) => {
    group = result;
    over.abort();
    return result;
  });
  // The request must not outlive the clock of the group, which needs a moment to end it.
  const clock = setTimeout(() => over.abort(), request.timeoutMs);
  try {
    const service = { origin: ready.origin, port, signal: over.signal, ended: () => group };
    const answered = await waitUntilReady(ready, service);
    const value = answered ? await work(service) : undefined;
    clearTimeout(clock);
    const early = group as GroupResult | null;
    stop.abort();
    const result = await running;
    if (value !== undefined) return { status: 'served', value, group: result };
    return notReady(ready, early ?? result, request.timeoutMs);
  } finally {
    clearTimeout(clock);
    stop.abort();
    await running;
  }
}

async function waitUntilReady(ready: URL, { signal }: RunningService): Promise<boolean> {
  while (!signal.aborted) {
    try {
      const answer = await fetch(ready, { redirect: 'manual', signal });
      await answer.body?.cancel();
      if (answer.status < 500) return true;
    } catch {
      // nobody listens yet
    }
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => {});
  }
  return false;
}

function portOf(ready: string): number | null {
  if (ready.includes(PORT_MARK)) return null;
  const { port } = new URL(ready);
  return port === '' ? 80 : Number(port);
}

function inUse(port: number): Served<never> {
  const why = `Port ${port}, which its ready URL names, is in use already, so something else would answer. Write ${PORT_MARK} there, and any free port is taken.`;
  return { status: 'not_ready', code: 'port_in_use', why, group: null };
}

function notReady(ready: URL, group: GroupResult, timeoutMs: number): Served<never> {
  if (group.startError !== null)
    return {
      status: 'not_ready',
      code: 'command_not_found',
      why: `The service could not be started: ${group.startError}.`,
      group,
    };
  if (group.timedOut !== null) {
    const why = `The service was not ready after ${timeoutMs / 1000} s: ${ready.href} gave no answer below status 500.`;
    return { status: 'not_ready', code: 'not_ready', why, group };
  }
  const how = group.exit === null ? `by ${group.signal ?? 'a signal'}` : `with exit code ${group.exit}`;
  return {
    status: 'not_ready',
    code: 'not_ready',
    why: `The service ended ${how} before ${ready.href} answered.`,
    group,
  };
}
