/** What a person reads in a chat about a question: the texts of the contract, and what became of it. */
import type { CheckStatus } from '../../gate/verification.ts';
import type { KnownDecision } from '../../store/approvals.ts';
import type { IncidentRecord } from '../../store/incidents.ts';
import { SEVERITY_MARKS, STATUS_WORDS } from '../incidents/status-words.ts';
import type { Button, Message, Writer } from './channel.ts';
import type { Question } from './question.ts';

const CHECK_MARKS: Record<CheckStatus, string> = { pass: '✅', warn: '⚠️', fail: '❌', refuse: '⛔', skipped: '➖' };

/** With its buttons. */
export function questionMessage(question: Question): Message {
  return {
    text: (write) => [...head(question, write), ...tail(question, write)].join('\n'),
    buttons: buttonsOf(question),
  };
}

/** Without buttons: what was decided, and where the incident stands since. */
export function settledMessage(
  question: Question,
  { decision, record, url }: { decision: KnownDecision | undefined; record: IncidentRecord; url: string | undefined },
): Message {
  return {
    text: (write) =>
      [...head(question, write), `${question.incident}`, ...becameOf(question, { decision, record, url }, write)].join(
        '\n',
      ),
    buttons: [],
  };
}

/** `ana (Slack)` for `person:slack:U1 ana`. */
export function whoInWords(who: string): string {
  if (who === 'serve') return 'self-healing';
  const [, channel, id = '', name = ''] =
    /^person:(?:(slack|telegram|http|dashboard):)?(\S+)(?: (.*))?$/.exec(who) ?? [];
  if (id === '') return who;
  return channel ? `${name || id} (${CHANNELS[channel] ?? channel})` : id;
}

const CHANNELS: Readonly<Record<string, string>> = {
  slack: 'Slack',
  telegram: 'Telegram',
  http: 'API',
  dashboard: 'dashboard',
};

/** What a decision is called, with who made it. */
export function decisionWords({ answer, who, reason }: Pick<KnownDecision, 'answer' | 'who' | 'reason'>): string {
  const by = whoInWords(who);
  switch (answer) {
    case 'approve':
      return `✅ Approved by ${by}`;
    case 'skip':
      return `⏭ Skipped by ${by}`;
    case 'reject':
      return `❌ Rejected by ${by}${reason ? `: ${reason}` : ''}`;
    case 'expire':
      return '⌛ Nobody answered in time';
    default:
      return answer satisfies never;
  }
}

function head({ severity, service, error, path }: Question, write: Writer): string[] {
  return [
    '🚨 New Error — Approve Fix?',
    `${SEVERITY_MARKS[severity] ?? '⚪'} Severity: ${severity.toUpperCase()}`,
    `Service: ${write.foreign(service, 80)}`,
    `Error: ${write.foreign(error, 300)}`,
    ...(path === undefined ? [] : [`Path: ${write.foreign(path, 200)}`]),
  ];
}

function tail(
  { incident, gate, why, change, checks, raised, link, look, expires_at }: Question,
  write: Writer,
): string[] {
  return [
    ...(change ? [`Change: ${changeWords(change)}`] : []),
    ...(checks ? [`Checks: ${checks.map(({ title, status }) => `${CHECK_MARKS[status]} ${title}`).join('  ')}`] : []),
    ...raised.slice(0, 3).map((one) => `⚠️ ${write.foreign(one, 300)}`),
    ...(link ? [`Link: ${write.link(link)}`] : []),
    ...(look ? [`Look: ${write.foreign(look, 200)}`] : []),
    `${incident}: ${gate === 'start' ? 'may a fix be tried?' : 'the fix is proven; may it be published?'} ${write.foreign(why, 300)}`,
    `Open until ${expires_at.slice(0, 16).replace('T', ' ')} UTC`,
  ];
}

function changeWords({ files, added, removed, others }: NonNullable<Question['change']>): string {
  const source = `${files} source ${files === 1 ? 'file' : 'files'}, +${added} −${removed}`;
  return others > 0
    ? `${source}; ${others} ${others === 1 ? 'test or context file' : 'test and context files'}`
    : source;
}

function buttonsOf({ incident, key, gate }: Question): Button[] {
  const button = (label: string, action: Button['action']): Button => ({ label, action, incident, key });
  return [
    button('✅ Approve Fix', 'approve'),
    button('❌ Skip', gate === 'start' ? 'skip' : 'reject'),
    ...(gate === 'publish' ? [button('🔎 Diff & evidence', 'details')] : []),
  ];
}

function becameOf(
  question: Question,
  { decision, record, url }: { decision: KnownDecision | undefined; record: IncidentRecord; url: string | undefined },
  write: Writer,
): string[] {
  const { mark, state, next } = STATUS_WORDS[record.status];
  const link = url && /^https:\/\/[^\s<>|]{1,500}$/.test(url) ? ` ${write.link(url)}` : '';
  const now = `${mark} Now ${state}.${link || (next ? ` ${next.replaceAll('ID', record.incident)}` : '')}`;
  if (!decision) return ['No longer asked here.', now];
  const words = write.foreign(decisionWords(decision), 400);
  if (decision.outcome === undefined)
    return [question.gate === 'publish' && decision.answer === 'approve' ? `${words}, verifying again` : words];
  if (decision.outcome.outcome === 'void')
    return [words, `It came to nothing: ${write.foreign(decision.outcome.why, 300)}`];
  return [words, now];
}
