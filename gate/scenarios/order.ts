/** Which scenarios run, and in which order: the incident's, those of touched files, of the blast radius, the rest, S000. */
import { inForce } from '../../context/law.ts';
import { matches } from '../../context/path-rules.ts';
import type { Config } from '../../context/schemas/config.ts';
import { BUILT_IN_SCENARIO, isExecutable, type Scenario } from '../../context/schemas/scenarios.ts';
import { nameOfWay, type Way, wayOf } from './way.ts';

/** A scenario that something executes. */
export interface RunnableScenario {
  id: string;
  /** What executes it, on one line: the command, or what stands for a call or a request. */
  command: string;
  way: Way;
  kind: 'test' | 'check';
  timeoutMs: number;
  author: 'people' | 'agent';
}

export interface SortedScenarios {
  runnable: RunnableScenario[];
  /** Documentation: nothing executes them. */
  unproven: Scenario[];
}

export interface ScenarioOrder {
  /** `INC-…` */
  incident?: string | undefined;
  /** Repository-relative files that the fix touches. */
  touched: readonly string[];
  /** Repository-relative files that depend on them. */
  radius: readonly string[];
}

export function sortScenarios(
  scenarios: readonly Scenario[],
  tests: Config['tests'],
  { incident, touched, radius }: ScenarioOrder,
): SortedScenarios {
  const rank = (scenario: Scenario) => {
    if (incident !== undefined && scenario.incident === incident) return 0;
    if (touched.some((file) => matches(scenario.files, file))) return 1;
    return radius.some((file) => matches(scenario.files, file)) ? 2 : 3;
  };
  const lawful = scenarios.filter(inForce).toSorted((a, b) => rank(a) - rank(b));
  return {
    runnable: [...lawful.flatMap((scenario) => runnable(scenario, tests.timeout) ?? []), ...builtIn(tests)],
    unproven: lawful.filter((scenario) => !isExecutable(scenario)),
  };
}

function runnable(scenario: Scenario, timeoutMs: number): RunnableScenario | undefined {
  const { id, timeout } = scenario;
  const way = wayOf(scenario);
  if (way === undefined) return undefined;
  // Calls and requests have cases, whatever their kind is said to be.
  const kind = way.by === 'command' ? scenario.kind : 'test';
  return { id, command: nameOfWay(way), way, kind, timeoutMs: timeout ?? timeoutMs, author: 'people' };
}

/** S000: the project's whole test command. */
function builtIn({ command, timeout }: Config['tests']): RunnableScenario[] {
  if (command.trim() === '') return [];
  const way = { by: 'command', command } as const;
  return [{ id: BUILT_IN_SCENARIO, command, way, kind: 'test', timeoutMs: timeout, author: 'people' }];
}
