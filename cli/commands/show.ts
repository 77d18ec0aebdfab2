import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { subtaskSchema } from '../../healer/fixes/subtask.ts';
import { possible, requireIncident } from '../../healer/incidents/decisions.ts';
import { lookAtKept } from '../../healer/incidents/kept-change.ts';
import { waitsFor } from '../../healer/incidents/waiting.ts';
import { reportPath } from '../../healer/publishing/report/file.ts';
import { costWords } from '../../healer/runs/cost-words.ts';
import { watchLine } from '../../healer/watching/line.ts';
import type { Workbench } from '../../healer/workbench.ts';
import { diagnosisOf } from '../../store/diagnoses.ts';
import type { IncidentRecord } from '../../store/incidents.ts';
import { linksTo } from '../../store/links.ts';
import { mergeOf } from '../../store/merges.ts';
import { subtasksOf } from '../../store/plans.ts';
import { type Proposal, proposalOf } from '../../store/proposals.ts';
import { lastPublishAttempt } from '../../store/publish-attempts.ts';
import { runsOf } from '../../store/runs.ts';
import { standingOf } from '../../store/standings.ts';
import { verificationsOf } from '../../store/verifications.ts';
import { withIncidents } from '../bench.ts';
import { type Call, command, JSON_OPTION } from '../command.ts';
import { incidentArgument } from '../incident-argument.ts';
import { ago, table, wrapped } from '../table.ts';

export const showCommand = command({
  name: 'show',
  arguments: ['<incident>'],
  summary: 'everything about one incident: history, diagnosis, runs, verdicts, proposal',
  options: [JSON_OPTION],
  input: z.object({ incident: incidentArgument }),
  run: ({ incident }, call) =>
    withIncidents(call, async (bench) => {
      const story = await storyOf(bench, incident);
      return { value: story, text: tell(story, call) };
    }),
});

/** Why publishing did not succeed, while it still can. */
function unpublished(bench: Workbench, { incident, round, status }: IncidentRecord, proposal: Proposal | null) {
  const attempt = lastPublishAttempt(bench.db, incident, round) ?? null;
  if (status === 'verified' || status === 'awaiting_publish') return attempt;
  const lacking = status === 'proposed' && proposal?.url === null;
  return lacking && attempt && attempt.at > proposal.at ? attempt : null;
}

type Story = Awaited<ReturnType<typeof storyOf>>;

async function storyOf(bench: Workbench, incident: string) {
  const record = await requireIncident(bench.incidents, incident);
  const report = reportPath(incident);
  const verdicts = verificationsOf(bench.db, incident, record.round);
  const proposal = proposalOf(bench.db, incident, record.round) ?? null;
  return {
    ...record,
    transitions: await bench.incidents.transitions(incident),
    diagnosis: diagnosisOf(bench.db, incident, record.round) ?? null,
    runs: runsOf(bench.db, incident, record.round),
    /** The plan by which it is done in parts, in its order; empty where there is none. */
    plan: subtasksOf(bench.db, incident, record.round).map(({ position, subtask, state, why }) => ({
      position,
      title: subtaskSchema.parse(subtask).title,
      state,
      why,
    })),
    verifications: verdicts.map(({ result: _, ...row }) => row),
    proposal,
    /** Where its proposal stands, in one line; null while nobody has looked. */
    standing: standingOf(bench.db, incident, record.round)?.line ?? null,
    merge: mergeOf(bench.db, incident, record.round) ?? null,
    url: proposal?.url ?? null,
    look: (await lookAtKept(bench, record)) ?? null,
    waits_for: waitsFor(bench.db, record) ?? null,
    /** What is watched after the merge, or was, in one line. */
    watch: watchLine(bench, record) ?? null,
    /** What waits for it, or did. */
    linked: await Promise.all(
      linksTo(bench.db, incident).map(async (link) => ({
        ...link,
        status: (await bench.incidents.get(link.incident))?.status ?? null,
      })),
    ),
    unpublished: unpublished(bench, record, proposal),
    report: existsSync(join(bench.repository.root, report)) ? report : null,
    possible: possible(record.status),
  };
}

function tell(story: Story, call: Call): string {
  const { diagnosis, proposal } = story;
  const facts = [
    ['error', story.error],
    ['status', `${story.status}, round ${story.round}`],
    ['seen', `${story.count}×, ${story.first_seen} to ${story.last_seen}`],
    ['severity', story.severity],
    ['files', story.files.join(', ') || 'unknown'],
    ...(story.waits_for
      ? [
          ['waits for', `${story.waits_for.root}, until ${story.waits_for.until} at most: ${story.waits_for.why}`],
          ['start it now', `self-healing approve ${story.incident}`],
        ]
      : []),
    ...story.linked.map((one) => [
      'probably explains',
      `${one.incident} (${one.status ?? 'not there any more'}): ${one.why}`,
    ]),
    ...(diagnosis
      ? [
          ['diagnosis', `${diagnosis.failure_type}, confidence ${diagnosis.confidence}`],
          ['cause', diagnosis.root_cause],
          ['scope', diagnosis.affected_files.join(', ')],
        ]
      : []),
    ...(proposal
      ? [
          ['branch', proposal.branch],
          ['commit', `${proposal.commit.slice(0, 12)} (${proposal.status})`],
          ...(proposal.url ? [['pull request', proposal.url]] : []),
          ...(story.standing ? [['stands', story.standing]] : []),
        ]
      : []),
    ...(story.watch ? [['watch', story.watch]] : []),
    ...(story.unpublished
      ? [
          ['not published', `${story.unpublished.state}: ${story.unpublished.why}`],
          ['next', story.unpublished.next],
        ]
      : []),
    ...(story.look ? [['look at it', story.look]] : []),
    ...(story.report ? [['report', story.report]] : []),
  ];
  const runs = story.runs.map((run) => [
    `  ${run.part ?? run.phase} ${run.attempt}`,
    run.ended_at === null ? 'not ended' : (run.failure_mode ?? 'ended well'),
    run.ended_at === null ? '' : ago(run.started_at, new Date(run.ended_at)),
    run.turns === null ? '' : `${run.turns} turns`,
    run.input_tokens === null ? '' : `${run.input_tokens} + ${run.output_tokens ?? 0} tokens`,
    run.cost_usd === null ? '' : costWords(run.cost_usd, run.cost_basis),
  ]);
  const verdicts = story.verifications.map((row) => [
    `  ${row.verdict}`,
    `tree ${row.tree.slice(0, 12)}`,
    `by ${row.by}`,
    row.at,
  ]);
  const plan = story.plan.map(({ position, title, state, why }) => [`  ${position}. ${state}`, title, why]);
  const history = story.transitions.map(({ at, to, who, why }) => [`  ${at.slice(0, 19)}Z`, to, `${who}: ${why}`]);
  return [
    call.paint('bold', story.incident),
    wrapped(facts, call.columns),
    ...(runs.length > 0 ? ['', 'Runs', wrapped(runs, call.columns)] : []),
    ...(plan.length > 0 ? ['', 'Plan', table(plan, call.columns)] : []),
    ...(verdicts.length > 0 ? ['', 'Verdicts', table(verdicts, call.columns)] : []),
    '',
    'History',
    wrapped(history, call.columns),
    '',
    story.possible.length > 0 ? `Possible now: ${story.possible.join(', ')}.` : 'Nothing is to be decided.',
  ].join('\n');
}
