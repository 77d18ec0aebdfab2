/** What stands behind a question: the diff, and what the checks ran and found. One tap away in a chat, whole over HTTP. */

import { classifier } from '../../gate/change-kind.ts';
import { type Change, changesBetween, diffText } from '../../gate/changes.ts';
import { CHECK_NAMES, CHECK_TITLES, type Verification } from '../../gate/verification.ts';
import { openWorkspace } from '../../gate/workspace.ts';
import { proposalOf } from '../../store/proposals.ts';
import { latestVerification } from '../../store/verifications.ts';
import { storedVerificationSchema } from '../fixes/verified-tree.ts';
import { phasesWords } from '../publishing/report/evidence-tables.ts';
import type { Workbench } from '../workbench.ts';
import { readRecord } from '../worktrees/record.ts';
import type { Message } from './channel.ts';

export interface Details {
  /** Git tree id. */
  tree: string;
  verification: Verification;
  /** Unified; cut at `diffLimit` characters and said so. Empty when git has collected the tree. */
  diff: string;
}

const DIFF_LIMIT = 256 * 1024;
/** A chat shows the beginning. */
const CHAT_DIFF = 9_000;

/** Of the newest verification of a round; undefined when nothing was verified in it. */
export async function detailsOf(
  bench: Workbench,
  { incident, round }: { incident: string; round: number },
  diffLimit = DIFF_LIMIT,
): Promise<Details | undefined> {
  const row = latestVerification(bench.db, incident, round);
  const stored = storedVerificationSchema.safeParse(row?.result);
  if (!row || !stored.success) return undefined;
  const { needs_person: _, draft: _draft, ...verification } = stored.data;
  const base = await baseOf(bench, incident, round);
  const diff = base === undefined ? '' : await diffOf(bench, base, row.tree, diffLimit);
  return { tree: row.tree, verification, diff };
}

export function detailsMessage({ verification, diff, tree }: Details): Message {
  return {
    buttons: [],
    text: (write) =>
      [
        `Tree ${tree.slice(0, 12)}, verdict ${verification.verdict}`,
        ...CHECK_NAMES.flatMap((name) => {
          const { status, findings, evidence } = verification.checks[name];
          const ran =
            evidence.length === 0
              ? ''
              : name === 'reproduction'
                ? `: ${phasesWords(evidence)}`
                : `: ${evidence.length} runs`;
          return [
            `${CHECK_TITLES[name]}: ${status}${ran}`,
            ...findings.slice(0, 3).map(({ code, message }) => `• ${code}: ${write.foreign(message, 300)}`),
          ];
        }),
        diff === '' ? 'The diff is not there any more.' : write.code(diff, CHAT_DIFF),
      ].join('\n'),
  };
}

async function baseOf(bench: Workbench, incident: string, round: number): Promise<string | undefined> {
  const kept = await readRecord(bench.repository, incident);
  if (kept?.round === round) return kept.base;
  const proposal = proposalOf(bench.db, incident, round);
  return proposal && `${proposal.commit}^`;
}

async function diffOf(bench: Workbench, base: string, tree: string, limit: number): Promise<string> {
  try {
    return await diffText(await openWorkspace(bench.repository), base, tree, { limit });
  } catch {
    return '';
  }
}

/** Files of a fix with their lines, by kind; undefined when git has collected the tree. */
export async function changesOfTree(
  bench: Workbench,
  { incident, round, tree, testPaths }: { incident: string; round: number; tree: string; testPaths: readonly string[] },
): Promise<Change[] | undefined> {
  const base = await baseOf(bench, incident, round);
  if (base === undefined) return undefined;
  try {
    return await changesBetween(await openWorkspace(bench.repository), base, tree, classifier(testPaths));
  } catch {
    return undefined;
  }
}
