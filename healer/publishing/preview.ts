/** What publishing a proven fix would do, told without doing it: a dry run's last step. Writes the report, and nothing else. */
import type { OpenFix } from '../fixes/open-fix.ts';
import type { Pass } from '../fixes/verified-tree.ts';
import type { Workbench } from '../workbench.ts';
import { subjectOf } from './carry-out.ts';
import { makeCommit } from './commit.ts';
import { changesOf, leakIn, proposalText, wordsOf } from './proposal-text.ts';
import { approveAgain } from './publish-states.ts';
import { writeReport } from './report/file.ts';

export interface WouldPublish {
  branch: string;
  /** The branch it would be proposed for; null when the base is a plain commit. */
  base: string | null;
  title: string;
  files: string[];
  /** Why a person would have been asked first; null when it would have been published. */
  ask: string | null;
}

/** `error`: one line naming it. `ask`: why policy does not publish it by itself. */
export async function previewProposal(
  bench: Workbench,
  fix: OpenFix,
  { pass, error, ask }: { pass: Pass; error: string; ask: string | undefined },
): Promise<WouldPublish> {
  const { incident, round, branch, base } = fix;
  const proposal = subjectOf(fix, pass);
  const words = wordsOf(bench, proposal, error);
  const changes = await changesOf(bench, proposal);
  const request = {
    ...{ incident, round, base: base.commit, tree: pass.row.tree, title: words.title, error },
    at: new Date(pass.row.at),
  };
  // An object that no branch names: the report tells the very commit that would be proposed.
  const commit = await makeCommit(bench.repository, request);
  const text = await proposalText(bench, proposal, { words, commit, changes, others: undefined });
  const leak = await leakIn(text, branch, request);
  const intro = `**Dry run: nothing was published.** ${approveAgain(incident)} verifies the kept fix again and publishes it.`;
  await writeReport(bench.repository, incident, `${intro}\n\n${text.report}`);
  return {
    branch,
    base: base.branch,
    title: text.title,
    files: changes.map(({ path }) => path),
    ask: ask ?? leak?.why ?? null,
  };
}
