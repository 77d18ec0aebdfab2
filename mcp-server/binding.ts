/**
 * One server serves one incident at a time: from `start_fix` until the incident waits for a person or has ended. In a
 * headless run the parent names the incident before the server starts, and it never changes.
 */
import { UserError } from '../events/errors.ts';
import type { Workbench } from '../healer/workbench.ts';
import { IN_WORK } from '../store/states.ts';
import type { Tool } from './tool.ts';

type Served = Pick<Workbench, 'incidents' | 'fixes'>;

export class Binding {
  /** The incident of a headless run; undefined in a session. */
  readonly headless: string | undefined;
  private bound: string | undefined;

  constructor(headlessIncident?: string) {
    this.headless = headlessIncident;
    this.bound = headlessIncident;
  }

  /** The incident this server serves now. A session's ends with its work on it, also when another process took it over. */
  async current({ incidents, fixes }: Served): Promise<string | undefined> {
    if (!this.bound || this.headless) return this.bound;
    const record = await incidents.get(this.bound);
    const takenOver = fixes.get(this.bound)?.lease?.lost() ?? false;
    // In every other state nobody works on it any more, and the server is free again.
    if (!record || takenOver || !IN_WORK.includes(record.status)) this.bound = undefined;
    return this.bound;
  }

  /** Throws `not_allowed` when a tool of this kind may not act on `incident` now. */
  async check(kind: Tool['binding'], incident: string | undefined, served: Served): Promise<void> {
    if (kind === 'reads') return;
    const current = await this.current(served);
    if (kind === 'records') {
      if (this.headless)
        throw notAllowed('This run heals one incident and records no other.', `Go on with ${this.headless}.`);
      return;
    }
    if (current && incident !== current)
      throw notAllowed(
        `This server is bound to ${current}${incident ? `, not to ${incident}` : ''}.`,
        `Finish ${current} first: propose_pr, escalate or dismiss_incident ends it.`,
      );
    if (kind === 'drafts' && !current && incident === undefined) return;
    if (kind !== 'binds' && !current)
      throw notAllowed(
        'No fix is open in this session.',
        incident ? `Call start_fix with ${incident} first.` : 'Call start_fix with the incident first.',
      );
  }

  /** The incident of the latest `start_fix`, also when it has ended since. */
  get lastBound(): string | undefined {
    return this.bound;
  }

  bind(incident: string): void {
    this.bound = incident;
  }
}

function notAllowed(message: string, next: string): UserError {
  return new UserError(message, next, 'not_allowed');
}
