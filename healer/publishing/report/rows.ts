/** Gathers what a report is made from: rows of the store, and the difference between two trees. */
import type { Repository } from '../../../context/repository.ts';
import { eventSchema } from '../../../events/event.ts';
import { redact } from '../../../events/redact.ts';
import type { Change } from '../../../gate/changes.ts';
import type { Verification } from '../../../gate/verification.ts';
import { bindingsOf } from '../../../store/bindings.ts';
import { diagnosisOf } from '../../../store/diagnoses.ts';
import { linksTo } from '../../../store/links.ts';
import { runsOf } from '../../../store/runs.ts';
import { lastSteps, type Step } from '../../../store/steps.ts';
import { type VerificationRow, verificationsOf } from '../../../store/verifications.ts';
import { storedVerificationSchema } from '../../fixes/verified-tree.ts';
import { requireIncident } from '../../incidents/decisions.ts';
import type { Workbench } from '../../workbench.ts';
import { findRemote } from '../../worktrees/remote.ts';
import { githubRepository } from '../github/repository.ts';
import { attemptsOf, earlierRounds, planFacts } from './attempt-rows.ts';
import { causeChain } from './chain-rows.ts';
import type { ReportFacts } from './facts.ts';
import { NO_TREE, treeFacts } from './tree-facts.ts';

export interface ReportSubject {
  incident: string;
  base: ReportFacts['base'];
  warnings: string[];
}

/** Text that a model wrote is redacted on its way into a report; events were redacted at intake. */
export async function reportFacts(
  bench: Workbench,
  subject: ReportSubject,
  verification: Verification | undefined,
  changes: Change[],
): Promise<ReportFacts> {
  const { repository, db, incidents } = bench;
  const { base, incident } = subject;
  const record = await requireIncident(incidents, incident);
  const event = eventSchema.parse(record.event);
  const diagnosis = diagnosisOf(db, incident, record.round);
  const law = bench.fixes.get(incident)?.law;
  const tree = verification?.tree;
  const judged =
    tree === undefined ? NO_TREE : await treeFacts(repository, { incident, base: base.commit, tree, changes, law });
  return {
    record,
    event,
    chain: await causeChain(repository, event, base.commit),
    diagnosis: diagnosis && {
      ...diagnosis,
      root_cause: clean(diagnosis.root_cause),
      reasoning: clean(diagnosis.reasoning),
      widened: diagnosis.widened.map(({ files, reason }) => ({ files, reason: clean(reason) })),
    },
    base,
    verification,
    needsPerson: needsPersonFor(verificationsOf(db, incident, record.round), tree),
    tried: attemptsOf(db, incident, record.round),
    plan: planFacts(db, incident, record.round),
    explains: linksTo(bench.db, incident).map(({ incident: other, why }) => ({ incident: other, why })),
    earlierRounds: earlierRounds(await incidents.transitions(incident), record.round).map((round) => ({
      ...round,
      why: clean(round.why),
    })),
    changes,
    ...judged,
    sourceDiff: clean(judged.sourceDiff),
    guarded: wasGuarded(bench, incident, record.round),
    warnings: subject.warnings,
    web: await pageOf(repository),
  };
}

/** What the newest verdict about this tree leaves to a person. */
function needsPersonFor(rows: readonly VerificationRow[], tree: string | undefined): string[] {
  const row = rows.findLast((candidate) => candidate.tree === tree);
  const stored = storedVerificationSchema.safeParse(row?.result);
  return stored.success ? stored.data.needs_person : [];
}

async function pageOf(repository: Repository): Promise<string | undefined> {
  const remote = await findRemote(repository);
  const found = remote === undefined ? undefined : await githubRepository(repository, remote, process.env);
  return found && `${found.webUrl}/${found.owner}/${found.name}`;
}

/** Whether a hook told of any call of the round's runs; where no agent ran, nothing had to be guarded. */
function wasGuarded(bench: Workbench, incident: string, round: number): boolean {
  const runs = runsOf(bench.db, incident, round);
  const [first] = runs;
  if (!first) return true;
  const bound = bindingsOf(bench.db, incident).some(({ at }) => at >= first.started_at);
  return bound || runs.some(({ id }) => lastSteps(bench.db, id, ALL).some(isSeenByHooks));
}

/** More calls than a run has. */
const ALL = 100_000;

/** An older version said of no step who saw it. */
function isSeenByHooks({ observed }: Step): boolean {
  return observed === 'hooks' || observed === null;
}

/** Without secrets and personal data. */
export function clean(text: string): string {
  return redact(text, { ips: true });
}
