/** How a scenario is executed, with everything that decides its outcome besides the tree. */
import type { Scenario } from '../../context/schemas/scenarios.ts';
import type { Call } from '../direct/call/judge-call.ts';
import { casesOf } from '../direct/cases.ts';
import type { HttpExchange } from '../direct/http/exchange.ts';

export type Way = { by: 'command'; command: string } | ({ by: 'call' } & Call) | ({ by: 'http' } & HttpExchange);

/** Undefined for documentation: nothing executes it. */
export function wayOf(scenario: Scenario): Way | undefined {
  const { test_command: command, call, http } = scenario;
  if (command !== undefined) return { by: 'command', command };
  if (call) return { by: 'call', ...call, cases: casesOf(scenario) };
  return http ? { by: 'http', ...http, cases: casesOf(scenario) } : undefined;
}

/** One line that names it in findings, evidence and reports. */
export function nameOfWay(way: Way): string {
  switch (way.by) {
    case 'command':
      return way.command;
    case 'call':
      return `call ${way.module}#${way.export}`;
    case 'http':
      return `http ${way.method.toUpperCase()} ${way.path} of ${way.start}`;
    default:
      return way satisfies never;
  }
}
