/** What the agent of a fix may touch right now, as the guards hold every call against it. */
import { matches } from '../../context/path-rules.ts';
import { forbiddenPaths } from '../../gate/forbidden-paths.ts';
import type { FixScope } from '../../hooks/scope.ts';
import { diagnosisOf } from '../../store/diagnoses.ts';
import type { Workbench } from '../workbench.ts';
import { effectiveConfig } from './effective-config.ts';
import type { OpenFix } from './open-fix.ts';
import { requestOf } from './proposal-request.ts';

export async function fixScope(bench: Workbench, fix: OpenFix): Promise<FixScope> {
  const { guardrails, tests } = effectiveConfig(bench, fix);
  const forbids = forbiddenPaths(guardrails.forbidden_paths);
  return {
    incident: fix.incident,
    worktree: fix.worktree,
    protectedFolders: [bench.repository.root, bench.repository.home],
    affectedFiles: diagnosisOf(bench.db, fix.incident, fix.round)?.affected_files ?? null,
    closed: await closedBecause(bench, fix),
    forbiddenBy: (path) => forbids(path)?.pattern,
    isTest: (path) => matches(tests.paths, path),
  };
}

/** Why the agent has nothing to change any more, or undefined while it works. */
export async function closedBecause(
  bench: Workbench,
  { incident, round }: Pick<OpenFix, 'incident' | 'round'>,
): Promise<string | undefined> {
  const record = await bench.incidents.get(incident);
  if (record === undefined || record.round !== round) return `${incident} is not worked on in this round any more`;
  if (record.status !== 'healing') return `${incident} is ${record.status}`;
  return requestOf(bench, incident, round) === undefined ? undefined : `the fix of ${incident} was handed in`;
}
