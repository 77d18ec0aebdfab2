/** What the bot says in Slack. Every foreign word is escaped: nothing in an error can mention people or hide a link. */
import { oneLine } from '../../../events/plain-text.ts';
import type { IncidentRecord } from '../../../store/incidents.ts';
import type { IncidentStatus } from '../../../store/states.ts';

export const HINT = [
  'I turn errors into pull requests. Paste an error with its stack or the log lines around it, forward me a message that has one, call me into its thread, or begin with `report` and say it in your own words.',
  'A link to a failed run of GitHub Actions works too.',
].join(' ');

const STATES: Record<IncidentStatus, [mark: string, state: string, next: string]> = {
  settling: ['⏳', 'recorded', 'It settles first: more of the same may come.'],
  detected: ['⏳', 'detected', 'Nothing is started yet.'],
  ignored: ['⏭', 'left alone', 'It comes back when it grows worse.'],
  awaiting_start: ['🙋', 'waiting for an approval', 'Approve it with `self-healing approve ID`, or `skip` it.'],
  queued: ['⏳', 'queued', 'A fix is tried when its turn comes.'],
  skipped: ['⏭', 'skipped', '`self-healing retry ID` takes it back.'],
  healing: ['🔧', 'being fixed', 'I say here what comes of it.'],
  verified: ['🔧', 'fixed and proven', 'The proposal comes next.'],
  awaiting_publish: ['🙋', 'proven, and waiting to be published', 'Approve it with `self-healing approve ID`.'],
  proposed: ['✅', 'proposed', 'Review the pull request.'],
  merged: ['✅', 'merged', 'It is watched after the next deploy.'],
  watching: ['✅', 'merged and watched', 'I say here whether it is gone.'],
  resolved: ['✅', 'resolved', ''],
  rolled_back: ['🙋', 'rolled back', 'The fix made it worse: see its report.'],
  escalated: ['🙋', 'handed over to you', 'See its report: `self-healing show ID`.'],
  dismissed: ['⏭', 'dismissed', 'See why: `self-healing show ID`.'],
  rejected: ['⏭', 'rejected', '`self-healing retry ID` takes it back.'],
  cancelled: ['⏭', 'cancelled', ''],
};

export type Shown = Pick<IncidentRecord, 'incident' | 'status' | 'severity' | 'error' | 'files' | 'round'>;

export function incidentWords({ incident, status, severity, error, files }: Shown, url: string | undefined): string {
  const [mark, state, next] = STATES[status];
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

/** What a message shows: the state, and in which round. */
export function shownState({ status, round }: Pick<IncidentRecord, 'status' | 'round'>): string {
  return `${status} ${round}`;
}

export function escaped(text: string, max: number): string {
  return oneLine(text, max)
    .replaceAll('`', "'")
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
