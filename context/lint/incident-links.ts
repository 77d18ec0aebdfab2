/** Scenarios and incidents that should know each other. */
import { inForce } from '../law/compose.ts';
import { INCIDENTS_FILE, isScenarioFile } from '../law/files.ts';
import { GlobSet } from '../path-sets.ts';
import { isExecutable } from '../schemas/scenarios.ts';
import { finding, type LintFinding } from './finding.ts';
import type { Subject } from './subject.ts';

export function incidentLinks({ law, places, broken }: Subject): LintFinding[] {
  const known = new Set(law.incidents.map(({ id }) => id));
  const unknown = law.scenarios.flatMap(({ origin, id, incident }) => {
    if (incident === undefined || known.has(incident) || broken.has(INCIDENTS_FILE)) return [];
    const message = `Scenario ${id} is about ${incident}, which incidents.yaml does not know.`;
    return [finding(places.value(origin, 'incident'), 'unknown_incident', message)];
  });
  const reproduced = law.scenarios.filter((scenario) => inForce(scenario) && isExecutable(scenario));
  const incidents = new Set(reproduced.map(({ incident }) => incident));
  const executed = new GlobSet(reproduced.flatMap(({ files }) => files));
  const isCovered = (file: string) => executed.matches(file);
  const brokenScenarios = [...broken].some(isScenarioFile);
  const uncovered = law.incidents.flatMap(({ origin, id, files }) => {
    if (files.length === 0 || brokenScenarios || incidents.has(id) || files.some(isCovered)) return [];
    const message = `No scenario runs for ${files.join(', ')}, which broke in ${id}.`;
    return [finding(places.value(origin, 'files'), 'no_scenario', message)];
  });
  return [...unknown, ...uncovered];
}
