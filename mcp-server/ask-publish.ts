/**
 * A verified fix waits for a person, and the person sits in this session: they are asked here and now. Without their word
 * it goes on waiting; `/self-healing:approve` and the terminal decide as well as this question does.
 */
import { classifier } from '../gate/change-kind.ts';
import { changesBetween } from '../gate/changes.ts';
import { openWorkspace } from '../gate/workspace.ts';
import type { OpenFix } from '../healer/fixes/open-fix.ts';
import { requestOf } from '../healer/fixes/proposal-request.ts';
import { currentPass, storedVerificationSchema } from '../healer/fixes/verified-tree.ts';
import { type ApproveResult, approvePublish } from '../healer/publishing/approve-publish.ts';
import { reject } from '../healer/publishing/reject.ts';
import { clean } from '../healer/publishing/report/rows.ts';
import type { Workbench } from '../healer/workbench.ts';
import { publishQuestion, type QuestionFacts, readDecision } from './publish-question.ts';
import type { ToolCall } from './tool.ts';

/** Who decided, in the incident's history. */
const WHO = 'person:session';

export type Asked =
  /** Nobody decided; `why` ends a sentence. `doubted`: nobody can in this session. */
  | { decision: 'none'; why: string; doubted: boolean }
  | { decision: 'reject'; reason: string }
  | { decision: 'publish'; result: ApproveResult };

export async function askToPublish(incident: string, { bench, signal, ask }: ToolCall): Promise<Asked> {
  const fix = bench.fixes.get(incident);
  if (!fix) return undecided('the fix is not open here any more');
  const { facts, tree } = await shown(bench, fix);
  const answer = await ask(publishQuestion(facts));
  if (answer.said === 'nothing') return undecided(answer.why, answer.doubted);
  const decided = readDecision(answer.content);
  if (!decided) return undecided('the answer was none of the decisions');
  switch (decided.decision) {
    case 'publish':
      return {
        decision: 'publish',
        result: await approvePublish(bench, incident, { who: WHO, tree, verifyAgain: false, signal }),
      };
    case 'reject': {
      const reason = clean(decided.reason?.trim() || 'no reason was given');
      await reject(bench, { incident, who: WHO, why: reason });
      return { decision: 'reject', reason };
    }
    case 'not_now':
      return undecided('the person will decide later');
    default:
      return decided.decision satisfies never;
  }
}

function undecided(why: string, doubted = false): Asked {
  return { decision: 'none', why, doubted };
}

/** What the person sees, and the tree that it is about. */
async function shown(bench: Workbench, fix: OpenFix): Promise<{ facts: QuestionFacts; tree: string }> {
  const { row, verification, needsPerson } = await currentPass(bench, fix);
  const workspace = await openWorkspace(bench.repository);
  const classify = classifier(fix.law.config.tests.paths);
  const facts: QuestionFacts = {
    incident: fix.incident,
    error: `${fix.event.type ? `${fix.event.type}: ` : ''}${fix.event.message}`,
    title: clean(requestOf(bench, fix.incident, fix.round)?.title ?? ''),
    changes: await changesBetween(workspace, fix.base.commit, row.tree, classify),
    verification,
    needsPerson,
    draft: storedVerificationSchema.parse(row.result).draft,
    branch: fix.branch,
    base: fix.base.branch,
  };
  return { facts, tree: row.tree };
}
