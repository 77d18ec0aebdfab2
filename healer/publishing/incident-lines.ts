/** The incident and its diagnosis, as Markdown: what a reader needs before looking at a change. */
import { code, fence, inert, oneLine, prose } from './quote.ts';
import type { ReportFacts } from './report-facts.ts';

export function incidentLines({ record, event, diagnosis }: ReportFacts): string {
  const place = event.file
    ? `at ${code(event.line ? `${event.file}:${event.line}` : event.file)}`
    : 'with no known place';
  const facts = [
    `- **Incident:** \`${record.incident}\`, round ${record.round}, severity ${record.severity}, source ${record.source}${record.service ? `, service ${code(record.service)}` : ''}`,
    `- **Seen:** ${record.count} ${record.count === 1 ? 'time' : 'times'}, first ${code(record.first_seen)}, last ${code(record.last_seen)}`,
    `- **Error:** ${place}${event.endpoint ? `, on ${code(event.endpoint)}` : ''}`,
  ].join('\n');
  const message = event.type ? `${event.type}: ${event.message}` : event.message;
  return [
    facts,
    fence(message, 1500),
    ...(diagnosis ? diagnosisLines(diagnosis) : ['No diagnosis was recorded.']),
  ].join('\n\n');
}

function diagnosisLines(diagnosis: NonNullable<ReportFacts['diagnosis']>): string[] {
  return [
    `**Diagnosis** (\`${diagnosis.failure_type}\`, the model's own confidence ${diagnosis.confidence.toFixed(2)}):`,
    prose(diagnosis.root_cause),
    '**Cause chain:**',
    prose(diagnosis.reasoning, 4000),
    ...diagnosis.widened.map(
      ({ files, reason }) =>
        `Scope widened by ${files.map((file) => code(file)).join(', ')}: ${inert(oneLine(reason, 500))}`,
    ),
  ];
}
