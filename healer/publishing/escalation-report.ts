/** The report of a hand-over: why a person is needed, what is known, how far it came, and the best patch there was. */
import { checkSection } from './check-section.ts';
import { INCIDENT_TRAILER, incidentTrailer } from './commit.ts';
import { incidentLines } from './incident-lines.ts';
import { code, fence, inert, oneLine, prose } from './quote.ts';
import type { ReportFacts } from './report-facts.ts';

export interface EscalationFacts extends ReportFacts {
  /** Who hands over: `agent`, `heal`. */
  by: string;
  failureMode: string | undefined;
  reason: string;
  needs: string;
  attempts: number;
  /** Unified diff against the base, redacted; empty when nothing was changed. */
  patch: string;
  /** Where the whole patch was saved. */
  saved: string | undefined;
}

export function escalationReport(facts: EscalationFacts): string {
  const { record, verification } = facts;
  const mode = facts.failureMode ? `, failure mode \`${facts.failureMode}\`` : '';
  return `${[
    ...(facts.guarded ? [] : ['guards: not observed']),
    `# ${record.incident} needs a person`,
    `Handed over by ${code(facts.by)} in round ${record.round} after ${facts.attempts} ${facts.attempts === 1 ? 'attempt' : 'attempts'}${mode}.`,
    '**Why:**',
    prose(facts.reason || '(no reason was given)'),
    '**What is needed:**',
    prose(facts.needs || '(nothing was named)'),
    '## Incident',
    incidentLines(facts),
    '## How far it came',
    verification
      ? `The best verdict of ${facts.iterations} was **${verification.verdict}** for tree \`${verification.tree}\` on base \`${facts.base.commit}\`.`
      : `Nothing was verified; the base is \`${facts.base.commit}\`.`,
    ...(verification ? [checkSection(verification)] : []),
    ...(facts.warnings.length > 0
      ? ['**Noticed on the way:**', facts.warnings.map((text) => `- ${inert(oneLine(text, 500))}`).join('\n')]
      : []),
    '## The change so far',
    ...patchSection(facts),
    '## What now',
    `Take it from here by hand, or try again with \`self-healing retry ${record.incident}\` once what is needed is there.`,
    `${INCIDENT_TRAILER}: ${incidentTrailer(record.incident, record.round)}`,
  ].join('\n\n')}\n`;
}

function patchSection({ patch, saved }: EscalationFacts): string[] {
  if (patch.trim() === '') return ['Nothing was changed.'];
  const shown = patch.length > PATCH_LIMIT ? `${patch.slice(0, PATCH_LIMIT)}\n` : patch;
  return [
    'Not proven; do not apply it unread.',
    fence(shown, Number.POSITIVE_INFINITY, 'diff'),
    ...(patch.length > PATCH_LIMIT ? [`${patch.length - PATCH_LIMIT} more characters are left out here.`] : []),
    ...(saved ? [`The whole patch: ${code(saved, 400)}`] : []),
  ];
}

const PATCH_LIMIT = 20_000;
