/** Which of our two agents an `agent_type` names; undefined for everybody else's. */

export type Role = 'diagnostician' | 'fixer';

const ROLES: ReadonlyMap<string, Role> = new Map([
  ['self-healing:self-healing', 'fixer'],
  ['self-healing', 'fixer'],
  ['self-healing:diagnostician', 'diagnostician'],
  ['diagnostician', 'diagnostician'],
]);

export function roleOf(agentType: string | undefined): Role | undefined {
  return agentType === undefined ? undefined : ROLES.get(agentType);
}
