import { expect, it } from 'vitest';
import { bindAgent, bindingOf, bindingsOf } from '../../store/bindings.ts';
import { temporaryState } from './temporary.ts';

it('tells the latest incident of each agent of a session', () => {
  const database = temporaryState();
  const binding = {
    session_id: 's',
    agent_id: 'a',
    incident: 'INC-1',
    tool_use_id: 't1',
    at: '2026-11-20T10:00:00.000Z',
  };
  bindAgent(database, binding);
  bindAgent(database, { ...binding, agent_id: '' });
  const later = { ...binding, incident: 'INC-2', tool_use_id: 't2', at: '2026-11-20T10:01:00.000Z' };
  bindAgent(database, later);
  expect(bindingOf(database, 's', 'a')).toEqual(later);
  expect(bindingOf(database, 's', '')).toMatchObject({ incident: 'INC-1' });
  expect(bindingOf(database, 'other', 'a')).toBeUndefined();
  expect(bindingsOf(database, 'INC-2')).toEqual([later]);
});
