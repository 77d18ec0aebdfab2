/** The incident, its diagnosis and the way from one to the other: what a reader needs before looking at a change. */
import { type Block, folded, type ReportSize } from './blocks.ts';
import type { ChainFrame, ReportFacts } from './facts.ts';
import { place, placeOnBase } from './place.ts';
import { code, fence, inert, oneLine, prose } from './quote.ts';

/** Longer reasoning is folded. */
const SHORT = 700;

export function incidentBlocks(facts: ReportFacts, size: ReportSize): Block[] {
  const { event, diagnosis } = facts;
  const message = event.type ? `${event.type}: ${event.message}` : event.message;
  return [
    { text: fence(message, 1000), spare: 'the message of the error' },
    { text: incidentLines(facts) },
    ...(diagnosis ? diagnosisBlocks(diagnosis, size) : [{ text: 'No diagnosis was recorded.' }]),
    { text: chainText(facts), spare: 'the cause chain' },
    ...(diagnosis ? reasoningBlocks(diagnosis, size) : []),
  ];
}

/** A cascade may have hundreds. */
const MOST_EXPLAINED = 10;

function incidentLines({ record, event, chain, web, base, explains = [] }: ReportFacts): string {
  const thrown = chain.frames.at(-1);
  const where = thrown
    ? `${thrown.code === undefined ? place(thrown.file, thrown.line) : placeOnBase({ web, base }, thrown.file, thrown.line)}`
    : 'no known place';
  const from = [
    event.endpoint ? `on ${code(event.endpoint)}` : '',
    record.service ? `in service ${code(record.service, 80)}` : '',
    event.environment ? `(${code(event.environment, 80)})` : '',
    event.release ? `release ${code(event.release, 80)}` : '',
  ].filter((part) => part !== '');
  const users = event.affected_users ? `, ${event.affected_users} users affected` : '';
  return [
    `- **Where:** ${[where, ...from].join(' ')}`,
    `- **Seen:** ${record.count === 1 ? 'once' : `${record.count} times`}, ${between(record.first_seen, record.last_seen)}${users}`,
    `- **Incident:** \`${record.incident}\`, round ${record.round}, severity ${record.severity}, from ${record.source}${event.url ? `: ${code(event.url, 300)}` : ''}`,
    ...explains
      .slice(0, MOST_EXPLAINED)
      .map(({ incident, why }) => `- **Probably explains:** \`${incident}\`: ${inert(oneLine(why, 300))}`),
    ...(explains.length > MOST_EXPLAINED ? [`- and ${explains.length - MOST_EXPLAINED} more incidents`] : []),
  ].join('\n');
}

function diagnosisBlocks(diagnosis: NonNullable<ReportFacts['diagnosis']>, size: ReportSize): Block[] {
  const { failure_type: type, confidence, root_cause: cause } = diagnosis;
  const widened = diagnosis.widened.slice(0, 5).map(({ files, reason }) => {
    const named = files.slice(0, 5).map((file) => code(file, 120));
    return `- **Scope widened** by ${named.join(', ')}, in its words: ${inert(oneLine(reason, 400))}`;
  });
  return [
    {
      text: `**Root cause**, in the words of the agent that diagnosed it (class \`${type}\`, its own confidence ${confidence.toFixed(2)}):`,
    },
    { text: prose(cause, size.words), spare: 'the root cause' },
    ...(widened.length > 0 ? [{ text: widened.join('\n'), spare: 'why the scope was widened' }] : []),
  ];
}

function reasoningBlocks({ reasoning }: NonNullable<ReportFacts['diagnosis']>, size: ReportSize): Block[] {
  const words = prose(reasoning, size.words);
  const title = 'From the error to its cause, in the same words';
  const text = reasoning.length > SHORT ? folded(title, words) : `**${title}:**\n\n${words}`;
  return [{ text, spare: "the diagnosis' reasoning" }];
}

/** The stack from the caller to the place that throws, then diagnosed files that are not on it. */
function chainText(facts: ReportFacts): string {
  const { chain, event, diagnosis, changes } = facts;
  const stack = event.frames.length > 0;
  const diagnosed = diagnosis?.affected_files ?? [];
  const changed = new Set(changes.map(({ path }) => path));
  const aside = diagnosed.filter((file) => !chain.frames.some((frame) => frame.file === file)).slice(0, 10);
  if (chain.frames.length === 0 && aside.length === 0) return '**Cause chain:** the error came without a stack.';
  const lines = chain.frames.map((frame, at) => {
    const last = at === chain.frames.length - 1;
    const notes = [
      last ? (stack ? 'thrown here' : 'named by the error') : '',
      changed.has(frame.file) ? 'file changed' : '',
    ].filter((note) => note !== '');
    return `${at + 1}. ${frameText(facts, frame)}${notes.length > 0 ? ` **← ${notes.join(', ')}**` : ''}`;
  });
  const off = aside.map(
    (file) => `- ${code(file)}: diagnosed, not on the stack${changed.has(file) ? ' **← file changed**' : ''}`,
  );
  const left = chain.leftOut > 0 ? `, ${chain.leftOut} outer frames left out` : '';
  const heading =
    stack && lines.length > 0
      ? `**Cause chain**, caller first${left} (lines as production told them, code as on the base):`
      : '**Cause chain:** the error came without a stack.';
  return [heading, ...(lines.length > 0 ? [lines.join('\n')] : []), ...(off.length > 0 ? [off.join('\n')] : [])].join(
    '\n\n',
  );
}

function frameText(facts: ReportFacts, { file, line, function: name, code: source }: ChainFrame): string {
  const where = source === undefined ? place(file, line) : placeOnBase(facts, file, line);
  const called = name ? ` in ${code(name, 80)}` : '';
  return `${where}${called}${source === undefined ? '' : `: ${code(source, 100)}`}`;
}

/** `2026-11-20 16:18 to 16:40 UTC` */
function between(first: string, last: string): string {
  const [from, to] = [minute(first), minute(last)];
  if (from === undefined || to === undefined) return `first ${code(first, 40)}, last ${code(last, 40)}`;
  if (from === to) return `${from} UTC`;
  return `${from} to ${from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to} UTC`;
}

function minute(time: string): string | undefined {
  const date = new Date(time.slice(0, 40));
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().slice(0, 16).replace('T', ' ');
}
