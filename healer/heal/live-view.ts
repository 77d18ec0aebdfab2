/**
 * What a `heal` is busy with, as a row that `status` and `/healthz` of any process read. Written at most twice a second, and
 * gone when the work is: a row of a process that was killed is passed over, since its incident is in work no more.
 */
import { oneLine } from '../../events/plain-text.ts';
import { redact } from '../../events/redact.ts';
import { type Live, removeLive, saveLive } from '../../store/live.ts';
import type { Workbench } from '../workbench.ts';
import type { HealProgress, OnProgress } from './progress.ts';

const WRITTEN_EVERY_MS = 500;
const LONGEST = 200;
const READ = 2000;

export interface LiveView {
  tell: OnProgress;
  end(): void;
}

/** Passes on to `tell` what it is told. */
export function showLive(bench: Workbench, incident: string, tell: OnProgress): LiveView {
  let last: Live = { incident, phase: 'preparing', doing: '', since: bench.now().toISOString() };
  let timer: NodeJS.Timeout | undefined;
  const write = () => {
    timer = undefined;
    try {
      saveLive(bench.db, last);
    } catch {
      // a database that is busy: the next one is written
    }
  };
  write();
  return {
    tell(event) {
      tell(event);
      const doing = doingOf(event);
      if (doing === undefined) return;
      const line = oneLine(redact(doing.slice(0, READ), { ips: true }), LONGEST);
      last = { incident, phase: phaseOf(event) ?? last.phase, doing: line, since: bench.now().toISOString() };
      timer ??= setTimeout(write, WRITTEN_EVERY_MS).unref();
    },
    end() {
      clearTimeout(timer);
      try {
        removeLive(bench.db, incident);
      } catch {
        // see above
      }
    },
  };
}

/** Undefined for what is told about something that is over. */
function doingOf(event: HealProgress): string | undefined {
  switch (event.kind) {
    case 'step':
    case 'gate':
    case 'wait':
      return event.text;
    case 'tool':
      return `${event.tool} ${event.detail}`.trim();
    default:
      return undefined;
  }
}

function phaseOf({ kind }: HealProgress): string | undefined {
  if (kind === 'tool') return 'agent';
  if (kind === 'gate') return 'verification';
  return kind === 'wait' ? 'waiting' : undefined;
}
