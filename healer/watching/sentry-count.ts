/** How many events of an issue Sentry counts in releases that contain the fix, since the watch began. */
import type { Watch } from '../../store/watches.ts';
import type { Containing } from './containing.ts';
import { countsByRelease, issueState, type Sentry, type Told } from './sentry.ts';

export interface AskedIssue {
  sentry: Sentry;
  issue: string;
  watch: Pick<Watch, 'began_at' | 'release'>;
  /** Undefined when it is not known; then only the deployed release can be told apart. */
  merge: string | undefined;
}

/** Of an issue without releases it only says whether there was one (1) or none (0). */
export async function eventsOfNewRelease(
  containing: Containing,
  { sentry, issue, watch, merge }: AskedIssue,
): Promise<Told<number>> {
  const told = await countsByRelease(sentry, issue);
  // The tag is not there before the first release is.
  if (!told.ok && !told.why.startsWith('Sentry answered 404')) return told;
  const releases = told.ok ? told.value : [];
  const isNews = (lastSeen: string) => lastSeen !== '' && Date.parse(lastSeen) > Date.parse(watch.began_at);
  if (releases.length === 0) {
    const state = await issueState(sentry, issue);
    return state.ok ? { ok: true, value: isNews(state.value.lastSeen) ? 1 : 0 } : state;
  }
  let count = 0;
  for (const one of releases) {
    if (!isNews(one.lastSeen)) continue;
    const isNew =
      one.release === watch.release ||
      (merge !== undefined && (await containing.release(one.release, merge)) === 'yes');
    if (isNew) count += one.count;
  }
  return { ok: true, value: count };
}
