/** The last words of `heal`: what happened, what it cost, where it stands, and what to type next. */
import type { HealResult } from '../healer/heal.ts';
import { costWords } from '../healer/runs/cost-words.ts';
import type { Call } from './command.ts';
import type { Style } from './output.ts';

export function healEnding(result: HealResult, { paint }: Pick<Call, 'paint'>): string {
  const [style, words] = headline(result);
  const facts: [string, string | undefined | null][] = [
    ['incident', `${result.incident}, round ${result.round}`],
    ['verdict', result.verdict],
    ['failure', result.failure_mode],
    ['attempts', `${result.attempts}`],
    ['branch', result.branch],
    ['would publish', wouldPublish(result)],
    ['pull request', result.url],
    ['look at it', result.look],
    ['report', result.report],
    ['cost', `${costWords(result.cost_usd, result.cost_basis)}, ${Math.round(result.seconds)} s`],
  ];
  const width = Math.max(9, ...facts.map(([name, value]) => (value ? name.length : 0)));
  const next = nextOf(result);
  return [
    '',
    `${paint(style, words)} ${result.why}`,
    ...facts.flatMap(([name, value]) => (value ? [`  ${name.padEnd(width)} ${value}`] : [])),
    ...(next === undefined ? [] : ['', `Next: ${next}`]),
  ].join('\n');
}

function wouldPublish({ would_publish: would }: HealResult): string | undefined {
  if (would === undefined) return undefined;
  const what = `${would.branch}${would.base ? ` for ${would.base}` : ''}: ${would.title} (${would.files.join(', ')})`;
  return would.ask === null ? what : `${what}; a person would be asked first: ${would.ask}`;
}

function headline({ status, unpublished, held_back }: HealResult): [Style, string] {
  if (held_back) return ['yellow', 'Held back.'];
  if (unpublished && status === 'awaiting_publish') return ['yellow', 'Proven, not published.'];
  switch (status) {
    case 'proposed':
      return ['green', 'Proven.'];
    case 'awaiting_publish':
      return ['green', 'Waiting for your word.'];
    case 'awaiting_start':
      return ['yellow', 'Waiting for your word to start.'];
    case 'verified':
      return ['yellow', 'Proven, not published.'];
    case 'escalated':
      return ['red', 'Handed over to you.'];
    case 'dismissed':
      return ['yellow', 'Dismissed.'];
    case 'cancelled':
      return ['yellow', 'Cancelled.'];
    case 'queued':
      return ['yellow', 'Not done; it can be taken up again.'];
    default:
      return ['yellow', `The incident is ${status}.`];
  }
}

function nextOf({ status, incident, branch, url, report, unpublished }: HealResult): string | undefined {
  if (unpublished) return unpublished.next;
  switch (status) {
    case 'proposed':
      return url ? `review ${url}` : `git show ${branch ?? ''}`;
    case 'awaiting_publish':
    case 'awaiting_start':
    case 'verified':
      return `self-healing approve ${incident}`;
    case 'escalated':
      return report ? `read ${report}; then \`self-healing retry ${incident}\`` : `self-healing show ${incident}`;
    case 'dismissed':
      return `self-healing show ${incident}`;
    case 'queued':
    case 'healing':
      return `self-healing heal ${incident}`;
    default:
      return undefined;
  }
}
