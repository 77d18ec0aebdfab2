/** What the bot says in Slack. Every foreign word is escaped: nothing in an error can mention people or hide a link. */
import { oneLine } from '../../../events/plain-text.ts';
import type { IncidentRecord } from '../../../store/incidents.ts';
import { STATUS_WORDS } from '../../incidents/status-words.ts';

export const HINT = [
  'I turn errors into pull requests. Paste an error with its stack or the log lines around it, forward me a message that has one, call me into its thread, or begin with `report` and say it in your own words.',
  'A link to a failed run of GitHub Actions works too.',
].join(' ');

export type Shown = Pick<IncidentRecord, 'incident' | 'status' | 'severity' | 'error' | 'files' | 'round'>;

export function incidentWords({ incident, status, severity, error, files }: Shown, url: string | undefined): string {
  const { mark, state, next } = STATUS_WORDS[status];
  const file = files[0] === undefined ? '' : ` in \`${escaped(files[0], 200)}\``;
  return [
    `${mark} *${incident}* is ${state} (${severity}).`,
    `> \`${escaped(error, 300)}\`${file}`,
    [next.replaceAll('ID', incident), url && /^https:\/\/[^\s<>|]{1,500}$/.test(url) ? `<${url}>` : '']
      .filter(Boolean)
      .join(' '),
  ]
    .filter(Boolean)
    .join('\n');
}

export function escaped(text: string, max: number): string {
  return oneLine(text, max)
    .replaceAll('`', "'")
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
