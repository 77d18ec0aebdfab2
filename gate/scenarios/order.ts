/** Which scenarios run, and in which order: the incident's, those of touched files, of the blast radius, the rest, S000. */
import { inForce } from '../../context/law.ts';
import { matches } from '../../context/path-rules.ts';
import type { Config } from '../../context/schemas/config.ts';
import { BUILT_IN_SCENARIO, isExecutable, type Scenario } from '../../context/schemas/scenarios.ts';

/** A scenario that a command executes. */
export interface RunnableScenario {
  id: string;
  command: string;
  kind: 'test' | 'check';
  timeoutMs: number;
  author: 'people' | 'agent';
}

export interface SortedScenarios {
  runnable: RunnableScenario[];
  /** Documentation: nothing executes them. */
  unproven: Scenario[];
  /** `call` and `http`: not supported yet. */
  unsupported: Scenario[];
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
    unsupported: lawful.filter((scenario) => isExecutable(scenario) && scenario.test_command === undefined),
  };
}

function runnable(scenario: Scenario, timeoutMs: number): RunnableScenario | undefined {
  const { id, kind, test_command: command, timeout } = scenario;
  return command === undefined ? undefined : { id, command, kind, timeoutMs: timeout ?? timeoutMs, author: 'people' };
}

/** S000: the project's whole test command. */
function builtIn(tests: Config['tests']): RunnableScenario[] {
  if (tests.command.trim() === '') return [];
  return [{ id: BUILT_IN_SCENARIO, command: tests.command, kind: 'test', timeoutMs: tests.timeout, author: 'people' }];
}
