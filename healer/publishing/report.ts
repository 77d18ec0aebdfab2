/**
 * The report of a proposal: the body of its pull request and `.self-healing/reports/<incident>.md`. Plan, Do, Check, Act,
 * generated from what was recorded; every foreign text in it is quoted (law 12, law 7).
 */
import { checkSection } from './check-section.ts';
import { INCIDENT_TRAILER, incidentTrailer } from './commit.ts';
import { incidentLines } from './incident-lines.ts';
import { code, inert, oneLine, prose } from './quote.ts';
import type { ReportFacts } from './report-facts.ts';

export interface ProposalFacts extends ReportFacts {
  branch: string;
  commit: string;
  /** The agent's words. */
  title: string;
  summary: string;
  /** The lesson that the fix adds to the incident memory, if it does. */
  lesson: string | undefined;
}

export function proposalReport(facts: ProposalFacts): string {
  const { record, verification } = facts;
  return `${[
    ...(facts.guarded ? [] : ['guards: not observed']),
    `# ${inert(oneLine(facts.title, 120)) || `Fix ${record.incident}`}`,
    '## Plan',
    incidentLines(facts),
    '## Do',
    doSection(facts),
    '## Check',
    verification
      ? `Verdict **${verification.verdict}** for tree \`${verification.tree}\` on base \`${facts.base.commit}\`, judged by the base's rules, ${times(facts.iterations)}.`
      : 'Nothing was verified.',
    ...(verification ? [checkSection(verification)] : []),
    ...(facts.warnings.length > 0
      ? ['**Noticed on the way:**', facts.warnings.map((text) => `- ${inert(oneLine(text, 500))}`).join('\n')]
      : []),
    '## Act',
    actSection(facts),
    `${INCIDENT_TRAILER}: ${incidentTrailer(record.incident, record.round)}`,
  ].join('\n\n')}\n`;
}

function doSection(facts: ProposalFacts): string {
  const lines = facts.changes.map(
    ({ path, kind, status, added, removed, binary }) =>
      `| ${code(path).replace(/\|/g, '\\|')} | ${kind} | ${STATUS[status]} | ${binary ? 'binary' : `+${added} −${removed}`} |`,
  );
  return [
    'In the words of the agent that made the change:',
    prose(facts.summary || '(no summary was given)'),
    `One commit, \`${facts.commit}\`, on \`${facts.branch}\`${facts.base.branch ? ` for ${code(facts.base.branch)}` : ''}:`,
    ['| File | Kind | What | Lines |', '|---|---|---|---|', ...lines].join('\n'),
    ...(facts.diagnosis
      ? [`Why here: the diagnosis names ${facts.diagnosis.affected_files.map((file) => code(file)).join(', ')}.`]
      : []),
  ].join('\n\n');
}

const STATUS = { A: 'added', M: 'changed', D: 'deleted', T: 'type changed' } as const;

function actSection({ record, event, commit, lesson }: ProposalFacts): string {
  const place = event.file ? ` at ${code(event.line ? `${event.file}:${event.line}` : event.file)}` : '';
  return [
    `- **Watch:** after the deploy, ${code(record.error)}${place} must not come back. A new occurrence has the fingerprint \`${record.fingerprint}\`; report it with \`self-healing heal --error -\`.`,
    `- **Revert:** it is one commit on top of its base: \`git revert ${commit.slice(0, 12)}\` (after a squash merge, the merged commit instead).`,
    lesson ? `- **Lesson:** ${inert(oneLine(lesson, 600))}` : '- **Lesson:** none was recorded with the fix.',
  ].join('\n');
}

function times(iterations: number): string {
  return iterations === 1 ? 'verified once' : `verified ${iterations} times on the way`;
}
