/** Entries that nothing executes, or whose execution could not fail. */
import { expectationFaults } from '../schemas/expectation.ts';
import { executableCheck } from '../schemas/invariants.ts';
import { isExecutable } from '../schemas/scenarios.ts';
import { finding, type LintFinding } from './finding.ts';
import type { Subject } from './subject.ts';

export function missingProofs({ law, places }: Subject): LintFinding[] {
  const scenarios = law.scenarios.flatMap((scenario) => {
    const { origin, id, rows, expected } = scenario;
    if (!isExecutable(scenario)) {
      const message = `Scenario ${id} has no way to run. Add test_command, call or http.`;
      return [finding(origin, 'unproven', message, { fix: 'Add test_command, call or http.' })];
    }
    const at =
      rows !== undefined ? ['rows'] : expected !== undefined ? ['expected'] : [scenario.call ? 'call' : 'http'];
    return expectationFaults(scenario).map((fault) => {
      const row = /^row (\d+): /.exec(fault)?.[1];
      const place = places.value(origin, ...at, ...(row === undefined ? [] : [Number(row) - 1]));
      return finding(place, 'no_outcome', `Scenario ${id} proves nothing: ${fault}.`);
    });
  });
  const invariants = law.invariants.flatMap((invariant) => {
    if (executableCheck(invariant)) return [];
    const { origin, id } = invariant;
    const message = `Invariant ${id} is prose. Add a check: command, pattern or unchanged.`;
    return [
      finding(places.key(origin, 'check'), 'unproven', message, {
        fix: 'Add a check: command, pattern or unchanged.',
      }),
    ];
  });
  const incidents = law.incidents.flatMap(({ origin, id, anti_pattern: pattern }) => {
    if (pattern === undefined || pattern.match !== undefined) return [];
    const message = `The anti-pattern of ${id} has no matcher: a fix that repeats it is not noticed.`;
    return [finding(places.key(origin, 'anti_pattern'), 'no_matcher', message)];
  });
  return [...scenarios, ...invariants, ...incidents];
}
