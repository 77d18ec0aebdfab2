/** What a proposal says, all of it: title, report (the body of the pull request), commit message; and whether it is a draft. */
import type { Config } from '../../context/schemas/config.ts';
import { classifier } from '../../gate/change-kind.ts';
import { type Change, changesBetween } from '../../gate/changes.ts';
import { CHECK_NAMES, verificationSchema } from '../../gate/verification.ts';
import { openWorkspace } from '../../gate/workspace.ts';
import type { VerificationRow } from '../../store/verifications.ts';
import { requestOf } from '../fixes/proposal-request.ts';
import { storedVerificationSchema } from '../fixes/verified-tree.ts';
import type { Workbench } from '../workbench.ts';
import { type CommitRequest, commitMessage, subject } from './commit.ts';
import { findLeaks } from './leaks.ts';
import type { Others } from './other-proposals.ts';
import type { NotPublished } from './publish-states.ts';
import { withoutOwnPaths } from './report/file.ts';
import { type ProposalFacts, proposalReport } from './report/proposal-report.ts';
import { clean, reportFacts } from './report/rows.ts';
import { lessonOf } from './report/tree-facts.ts';

/** A proven tree on its way out. */
export interface ProposalSubject {
  incident: string;
  round: number;
  branch: string;
  base: { commit: string; branch: string | null };
  /** The verification that it rests on. */
  row: VerificationRow;
  /** `tests.paths` of the base. */
  testPaths: readonly string[];
  warnings: string[];
}

export interface Words {
  title: string;
  summary: string;
}

/** What the agent asked to propose it with; without a request the error itself. */
export function wordsOf(bench: Workbench, { incident, round }: ProposalSubject, error: string): Words {
  const asked = requestOf(bench, incident, round);
  return { title: clean(asked?.title ?? `Fix ${error}`), summary: clean(asked?.summary ?? '') };
}

export async function changesOf(bench: Workbench, { base, row, testPaths }: ProposalSubject): Promise<Change[]> {
  const workspace = await openWorkspace(bench.repository);
  return changesBetween(workspace, base.commit, row.tree, classifier(testPaths));
}

export interface ProposalText {
  /** Of the pull request. */
  title: string;
  /** Of the pull request. */
  body: string;
  /** For `.self-healing/reports/`. */
  report: string;
}

export async function proposalText(
  bench: Workbench,
  proposal: ProposalSubject,
  parts: { words: Words; commit: string; changes: Change[]; others: Others | undefined },
): Promise<ProposalText> {
  const { incident, branch, base, row } = proposal;
  const { words, commit, changes, others } = parts;
  const warnings = [...proposal.warnings, ...(others?.notes ?? [])];
  const facts: ProposalFacts = {
    ...(await reportFacts(bench, { incident, base, warnings }, verificationSchema.parse(row.result), changes)),
    ...words,
    branch,
    commit,
    lesson: await lessonOf(bench.repository, row.tree, incident),
    related: others?.related,
  };
  const written = (detail: 'body' | 'file') => withoutOwnPaths(bench.repository, proposalReport(facts, detail));
  return { title: subject(words.title, incident), body: written('body'), report: written('file') };
}

/** Before anything leaves the machine. Names the place and the kind of what was found, never the text. */
export async function leakIn(
  text: ProposalText,
  branch: string,
  commit: CommitRequest,
): Promise<NotPublished | undefined> {
  const leaks = await findLeaks([
    { where: 'the title', text: text.title },
    { where: 'the branch name', text: branch },
    { where: 'the commit message', text: commitMessage(commit) },
    { where: 'the text of the pull request', text: text.body },
    { where: 'the report', text: text.report },
  ]);
  if (leaks.length === 0) return undefined;
  const found = [...new Set(leaks.map(({ where, kind, line }) => `${where} holds a ${kind} (line ${line})`))];
  const { incident } = commit;
  return {
    status: 'leak',
    why: `something that looks like a secret or personal data would have left this machine: ${found.slice(0, 5).join(', ')}`,
    next: `See where it comes from with \`self-healing show ${incident}\`. \`self-healing reject ${incident} --reason TEXT\` and then retry has it written anew.`,
  };
}

/** Why a reviewer has to look closer before merging, to end a sentence with; empty for a proposal that is ready. */
export function draftReasons(
  { row }: ProposalSubject,
  settings: Config['publish'],
  others: Others | undefined,
): string[] {
  const { checks, needs_person: needsPerson, draft } = storedVerificationSchema.parse(row.result);
  const weak = checks.reproduction.findings.some(({ code }) => code === 'reproduction.weak');
  // What nothing can execute is listed as documentation in every report; it says nothing about this fix.
  const warned = CHECK_NAMES.filter(
    (name) => checks[name].status === 'warn' && checks[name].findings.some(({ code }) => !code.endsWith('.unproven')),
  );
  return [
    ...(settings.draft ? ['publish.draft is set'] : []),
    ...(weak ? ['the reproduction is weak'] : []),
    ...(draft ? ['cases are red on the base too'] : []),
    ...(needsPerson.length > 0 && !weak ? ['a person had to decide about it'] : []),
    ...(warned.length > 0 ? [`warnings stand (${warned.map((name) => name.replaceAll('_', ' ')).join(', ')})`] : []),
    ...(others?.overlap ? ['another open pull request changes the same files or heals the same incident'] : []),
  ];
}
