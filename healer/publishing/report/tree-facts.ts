/** What a report tells of the verified tree itself: its source diff, who depends on it, its reproductions and its lesson. */
import { dependents } from '../../../context/impact/dependents.ts';
import { composeLaw } from '../../../context/law/compose.ts';
import { committedLawFiles } from '../../../context/law/files.ts';
import type { Repository } from '../../../context/repository.ts';
import { isAbout } from '../../../context/schemas/incidents.ts';
import { redact } from '../../../events/redact.ts';
import { findRadius } from '../../../gate/blast-radius.ts';
import { type Change, diffText } from '../../../gate/changes.ts';
import { composeTrees } from '../../../gate/compose.ts';
import { nameOfWay, wayOf } from '../../../gate/scenarios/way.ts';
import { treeOf } from '../../../gate/tree.ts';
import { openWorkspace } from '../../../gate/workspace.ts';
import type { OpenFix } from '../../fixes/open-fix.ts';
import type { ReportFacts } from './facts.ts';

type TreeFacts = Pick<ReportFacts, 'sourceDiff' | 'dependents' | 'reproductions'>;

export interface TreeSubject {
  incident: string;
  base: string;
  tree: string;
  changes: readonly Change[];
  /** Its law tells of hand-written edges and of what a test is; without it no dependents are told. */
  law: OpenFix['law'] | undefined;
}

/** A diff above this is nothing that anybody reads in a report. */
const DIFF_LIMIT = 256 * 1024;

export const NO_TREE: TreeFacts = { sourceDiff: '', dependents: undefined, reproductions: [] };

/** `NO_TREE` when the objects are gone: a tree of long ago that git has collected. */
export async function treeFacts(repository: Repository, subject: TreeSubject): Promise<TreeFacts> {
  const { base, tree, changes } = subject;
  const paths = changes.filter(({ kind }) => kind === 'source').map(({ path }) => path);
  try {
    const workspace = await openWorkspace(repository);
    const sourceDiff = await diffText(workspace, base, tree, { paths, limit: DIFF_LIMIT });
    const reproductions = await reproductionsIn(repository, tree, subject.incident);
    return { sourceDiff, reproductions, dependents: await dependentsOf(repository, subject, paths) };
  } catch {
    return NO_TREE;
  }
}

/** The graph that the gate judged by: the base's with the fix's source changes. */
async function dependentsOf(
  repository: Repository,
  { base, tree, changes, law }: TreeSubject,
  paths: readonly string[],
): Promise<TreeFacts['dependents']> {
  if (!law) return undefined;
  const workspace = await openWorkspace(repository);
  const { baseSource } = await composeTrees(workspace, await treeOf(workspace, base), tree, changes);
  const { edges } = law.impactMap;
  const { graph, affected } = await findRadius({ workspace, baseSource, changes, edges, config: law.config });
  const { direct } = dependents(graph, paths);
  return { direct: direct.filter((path) => affected.includes(path)), all: affected };
}

async function reproductionsIn(
  repository: Repository,
  tree: string,
  incident: string,
): Promise<TreeFacts['reproductions']> {
  const { scenarios } = composeLaw(await committedLawFiles(repository.root, tree));
  return scenarios.flatMap((scenario) => {
    const way = scenario.incident === incident ? wayOf(scenario) : undefined;
    const { id, name } = scenario;
    return way === undefined ? [] : [{ id, name: redact(name, { ips: true }), command: nameOfWay(way) }];
  });
}

/** What the fix adds to the incident memory; undefined when the tree's `incidents.yaml` says nothing about the incident. */
export async function lessonOf(repository: Repository, tree: string, incident: string): Promise<string | undefined> {
  const { incidents } = composeLaw(await committedLawFiles(repository.root, tree));
  // Of several rounds the newest is this fix's own.
  return incidents.findLast(({ id }) => isAbout(id, incident))?.lesson;
}
