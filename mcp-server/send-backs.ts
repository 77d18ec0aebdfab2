/**
 * Foretells what the stop gate answers. It runs beside the server, in a process of its own that counts in the database, so
 * that the count read here may have this time in it or not: the server counts as well, and the larger number holds.
 */
import { stopStateIn } from '../healer/fixes/stop-state.ts';
import type { Workbench } from '../healer/workbench.ts';
import { type Agent, agentKey } from '../hooks/guard/input.ts';
import type { Role } from '../hooks/role.ts';
import { MAX_SEND_BACKS, wouldSendBack } from '../hooks/stop.ts';

export class SendBacks {
  private readonly open: () => Promise<Workbench>;
  private readonly headless: string | undefined;
  private readonly counts = new Map<string, number>();

  /** `headless` is the incident of a headless run. */
  constructor(open: () => Promise<Workbench>, headless: string | undefined) {
    this.open = open;
    this.headless = headless;
  }

  /** Asked once each time an agent would end. */
  async expected(agent: Agent & { role: Role }): Promise<boolean> {
    const state = stopStateIn(await this.open(), { ...agent, headless: this.headless });
    if (!(await wouldSendBack(agent, agent.role, state))) return false;
    const key = `${agentKey(agent)}/${agent.role}`;
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    return count <= MAX_SEND_BACKS;
  }
}
