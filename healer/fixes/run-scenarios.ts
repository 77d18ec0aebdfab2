/**
 * The tool `run_scenarios`: quick feedback, never a verdict. On the worktree of an open fix or on its base (with the
 * fix's tests, so that a reproduction can be tried there); without a fix, on the main checkout as it is.
 */
import { problemText } from '../../context/document/problem.ts';
import { type Law, readWorkingLaw } from '../../context/law.ts';
import { resolveCommit } from '../../context/repository.ts';
import type { Scenario } from '../../context/schemas/scenarios.ts';
import { ConfigurationError } from '../../events/errors.ts';
import { classifier } from '../../gate/change-kind.ts';
import { changesBetween } from '../../gate/changes.ts';
import { openCheckout } from '../../gate/checkout.ts';
import { composeTrees } from '../../gate/compose.ts';
import { judgeAdditions } from '../../gate/law-additions.ts';
import { runScenarios as runOnTree, type ScenarioResult } from '../../gate/run-scenarios.ts';
import { snapshot, treeOf } from '../../gate/tree.ts';
import { openWorkspace } from '../../gate/workspace.ts';
import type { Workbench } from '../workbench.ts';
import { outsideTree } from '../worktrees/outside-tree.ts';
import { requireFix } from './require-fix.ts';

export interface RunScenariosRequest {
  /** The incident whose fix is open here. */
  incident?: string | undefined;
  ids?: readonly string[] | undefined;
  files?: readonly string[] | undefined;
  tags?: readonly string[] | undefined;
  at: 'worktree' | 'base';
  signal?: AbortSignal | undefined;
  onProgress?: ((line: string) => void) | undefined;
}

export interface ScenarioRuns {
  scenarios: ScenarioResult[];
  /** How many scenarios have each status. */
  counts: Record<string, number>;
}

export async function runScenarios(bench: Workbench, request: RunScenariosRequest): Promise<ScenarioRuns> {
  const fix = request.incident === undefined ? undefined : await requireFix(bench, request.incident);
  const base = fix?.base.commit ?? (await resolveCommit(bench.repository, 'HEAD'));
  const law = fix?.law ?? (await checkedOutLaw(bench.repository.root));
  const trees = await treesOf(bench, law, base, fix?.worktree ?? bench.repository.root, request.signal);
  const checkout = await openCheckout({
    repository: bench.repository,
    config: law.config.worktree,
    base,
    signal: request.signal,
    onWait: (pid) => request.onProgress?.(`waiting for another verification (process ${pid})`),
  });
  try {
    const { ids, files, tags } = request;
    const scenarios = await runOnTree({
      law,
      added: trees.added,
      selection: { ids, files, tags },
      baseTree: request.at === 'base' ? trees.baseTests : trees.base,
      tree: request.at === 'base' ? trees.baseTests : trees.fix,
      checkout,
      environmentKey: '',
      signal: request.signal,
      onRun: (command) => request.onProgress?.(`running: ${command}`),
    });
    if (request.at === 'base')
      fix?.baseRuns.push(...scenarios.map((run) => ofScenario(run, [...law.scenarios, ...trees.added])));
    const counts: Record<string, number> = {};
    for (const { status } of scenarios) counts[status] = (counts[status] ?? 0) + 1;
    return { scenarios, counts };
  } finally {
    await checkout.close();
  }
}

/** Without a fix nothing is judged: what counts is what the person has written, as it is on disk. */
async function checkedOutLaw(root: string): Promise<Law> {
  const law = await readWorkingLaw(root);
  if (law.problems.length === 0) return law;
  throw new ConfigurationError(
    `.self-healing/ has errors:\n${problemText(law.problems)}`,
    'Correct them (`self-healing context lint` shows them) and try again.',
  );
}

function ofScenario({ id, status }: ScenarioResult, scenarios: readonly Scenario[]) {
  return { scenario: id, incident: scenarios.find((scenario) => scenario.id === id)?.incident, status };
}

/** `baseTests` is B+T: the base with the tests that the folder adds. */
async function treesOf(bench: Workbench, law: Law, commit: string, folder: string, signal: AbortSignal | undefined) {
  const workspace = await openWorkspace(bench.repository);
  const base = await treeOf(workspace, commit);
  const linked = outsideTree(law.config.worktree);
  const fix = await snapshot({ workspace, folder, base, linked, signal });
  const changes = await changesBetween(workspace, base, fix, classifier(law.config.tests.paths));
  const known = new Set(law.scenarios.map(({ id }) => id));
  const { added } = await judgeAdditions(workspace, law, fix, changes, 'change');
  const { baseTests } = await composeTrees(workspace, base, fix, changes);
  return { base, baseTests, fix, added: added.scenarios.filter(({ id }) => !known.has(id)) };
}
