import { describe, expect, it } from 'vitest';
import { judgeStop, MAX_SEND_BACKS, type StopState, wouldSendBack } from '../../hooks/stop.ts';

const event = { hook_event_name: 'SubagentStop' as const, session_id: 's', agent_id: 'a1' };

function stateWith(change: Partial<StopState> = {}): StopState & { escalated: string[] } {
  const counts = new Map<string, number>();
  const escalated: string[] = [];
  return {
    run: undefined,
    incident: 'INC-0000000000000000',
    diagnosed: async () => true,
    ended: async () => false,
    part: undefined,
    bump: (key) => {
      counts.set(key, (counts.get(key) ?? 0) + 1);
      return counts.get(key) ?? 0;
    },
    sentBack: (key) => counts.get(key) ?? 0,
    stopped: async () => undefined,
    escalate: async (incident) => void escalated.push(incident),
    escalated,
    ...change,
  };
}

describe('stop gate', () => {
  it('sends an agent back that has no verdict, three times, then hands over', async () => {
    const state = stateWith();
    for (let round = 1; round <= MAX_SEND_BACKS; round++) {
      const decision = await judgeStop(event, 'fixer', state);
      expect(decision).toMatchObject({ block: true, reason: expect.stringContaining('call verify_fix') });
      expect(state.escalated).toEqual([]);
    }
    expect(await judgeStop(event, 'fixer', state)).toEqual({ block: false });
    expect(state.escalated).toEqual(['INC-0000000000000000']);
  });

  it('is foretold without being counted, and by nobody once the agent may end', async () => {
    const agent = { sessionId: 's', agentId: 'a1' };
    const state = stateWith();
    for (let round = 1; round <= MAX_SEND_BACKS; round++) {
      expect(await wouldSendBack(agent, 'fixer', state)).toBe(true);
      await judgeStop(event, 'fixer', state);
    }
    await judgeStop(event, 'fixer', state);
    expect(await wouldSendBack(agent, 'fixer', state)).toBe(false);
    const mayEnd = [{ ended: async () => true }, { incident: undefined }];
    const stopped = { stopped: async () => ({ mode: 'loop' as const, evidence: 'x' }) };
    for (const change of [...mayEnd, stopped])
      expect(await wouldSendBack(agent, 'fixer', stateWith(change))).toBe(false);
  });

  it('leaves the hand-over of a headless run to its parent', async () => {
    const state = stateWith({ run: 'run-1' });
    for (let round = 0; round <= MAX_SEND_BACKS; round++) await judgeStop(event, 'fixer', state);
    expect(await judgeStop(event, 'fixer', state)).toEqual({ block: false });
    expect(state.escalated).toEqual([]);
  });

  it('lets an agent stop that has ended its incident, or is bound to none', async () => {
    expect(await judgeStop(event, 'fixer', stateWith({ ended: async () => true }))).toEqual({ block: false });
    expect(await judgeStop(event, 'fixer', stateWith({ incident: undefined }))).toEqual({ block: false });
  });

  it('names the call that is missing', async () => {
    const undiagnosed = stateWith({ diagnosed: async () => false });
    expect(await judgeStop(event, 'diagnostician', undiagnosed)).toMatchObject({
      reason: expect.stringContaining('record_diagnosis'),
    });
    expect(await judgeStop(event, 'fixer', undiagnosed)).toMatchObject({
      reason: expect.stringContaining('record_diagnosis'),
    });
    expect(await judgeStop(event, 'diagnostician', stateWith())).toEqual({ block: false });
  });

  it('counts each agent apart', async () => {
    const state = stateWith();
    for (let round = 0; round < MAX_SEND_BACKS; round++) await judgeStop(event, 'fixer', state);
    expect(await judgeStop({ ...event, agent_id: 'a2' }, 'fixer', state)).toMatchObject({ block: true });
  });

  it('lets an agent go that the guards have stopped, and hands over with what they saw', async () => {
    const handed: string[] = [];
    const stopped = stateWith({
      stopped: async () => ({ mode: 'loop' as const, evidence: 'the same call, 5 times' }),
      escalate: async (_, reason, mode) => void handed.push(`${mode}: ${reason}`),
    });
    expect(await judgeStop(event, 'fixer', stopped)).toEqual({ block: false });
    expect(await judgeStop(event, 'fixer', { ...stopped, run: 'run-1' })).toEqual({ block: false });
    expect(handed).toEqual(['loop: The agent went in circles: the same call, 5 times']);
  });
});
