/** Where an incident stands, in the few words that fit into a chat: a mark, the state, and what comes next. */
import type { IncidentStatus } from '../../store/states.ts';

/** `next` names the incident as `ID`. */
export const STATUS_WORDS: Record<IncidentStatus, { mark: string; state: string; next: string }> = {
  settling: { mark: '⏳', state: 'recorded', next: 'It settles first: more of the same may come.' },
  detected: { mark: '⏳', state: 'detected', next: 'Nothing is started yet.' },
  ignored: { mark: '⏭', state: 'left alone', next: 'It comes back when it grows worse.' },
  awaiting_start: {
    mark: '🙋',
    state: 'waiting for an approval',
    next: 'Approve it with `self-healing approve ID`, or `skip` it.',
  },
  queued: { mark: '⏳', state: 'queued', next: 'A fix is tried when its turn comes.' },
  skipped: { mark: '⏭', state: 'skipped', next: '`self-healing retry ID` takes it back.' },
  healing: { mark: '🔧', state: 'being fixed', next: 'I say here what comes of it.' },
  verified: { mark: '🔧', state: 'fixed and proven', next: 'The proposal comes next.' },
  awaiting_publish: {
    mark: '🙋',
    state: 'proven, and waiting to be published',
    next: 'Approve it with `self-healing approve ID`.',
  },
  proposed: { mark: '✅', state: 'proposed', next: 'Review the pull request.' },
  merged: { mark: '✅', state: 'merged', next: 'It is watched after the next deploy.' },
  watching: { mark: '✅', state: 'merged and watched', next: 'I say here whether it is gone.' },
  resolved: { mark: '✅', state: 'resolved', next: '' },
  rolled_back: {
    mark: '🙋',
    state: 'rolled back',
    next: 'The fix made it worse: review the revert, and see its report.',
  },
  escalated: { mark: '🙋', state: 'handed over to you', next: 'See its report: `self-healing show ID`.' },
  dismissed: { mark: '⏭', state: 'dismissed', next: 'See why: `self-healing show ID`.' },
  rejected: { mark: '⏭', state: 'rejected', next: '`self-healing retry ID` takes it back.' },
  cancelled: { mark: '⏭', state: 'cancelled', next: '' },
};

export const SEVERITY_MARKS: Readonly<Record<string, string>> = { critical: '🔴', high: '🟠', medium: '🟡', low: '⚪' };
