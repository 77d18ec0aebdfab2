/** When the merge of a fix went live, by whoever tells of it first: GitHub's deploys, releases of Sentry or of our own events. */
import type { Config } from '../../context/schemas/config.ts';
import { oneLine } from '../../events/plain-text.ts';
import { type Deployment, deploymentsSince, knowsDeployments } from '../../store/deployments.ts';
import type { Database } from '../../store/sqlite.ts';
import type { Watch } from '../../store/watches.ts';
import type { Containing } from './containing.ts';
import type { SeenRelease } from './seen-releases.ts';
import type { SentryRelease } from './sentry.ts';

export type Deploy = Pick<Watch, 'basis' | 'told_by' | 'release' | 'deployed_at'>;

export interface Merged {
  commit: string;
  /** ISO 8601. */
  merged_at: string;
  /** From when on what is told is looked at. */
  since: string;
  /** Of the incident's events; undefined when they name none. */
  environment: string | undefined;
}

export interface DeploySources {
  db: Database;
  containing: Containing;
  seenReleases: (since: string) => SeenRelease[];
  /** Oldest first; empty where Sentry is not asked, or does not answer. */
  sentryReleases: () => Promise<SentryRelease[]>;
}

/** Undefined while nothing tells of a deploy that contains the merge. */
export async function findDeploy(sources: DeploySources, merged: Merged): Promise<Deploy | undefined> {
  return (await byGithub(sources, merged)) ?? (await byEvents(sources, merged)) ?? (await bySentry(sources, merged));
}

async function byGithub({ db, containing }: DeploySources, merged: Merged): Promise<Deploy | undefined> {
  for (const deployment of deploymentsSince(db, merged.since)) {
    if (!isMeant(deployment, merged.environment)) continue;
    if ((await containing.commit(deployment.commit, merged.commit)) !== 'yes') continue;
    const where = deployment.environment === '' ? '' : ` to ${oneLine(deployment.environment, 60)}`;
    const told_by = `GitHub told of a deploy of ${deployment.commit.slice(0, 12)}${where}`;
    return { basis: 'deployment', told_by, release: deployment.commit, deployed_at: deployment.at };
  }
  return undefined;
}

/** Where people try things out, when nobody says in which environment the error was. */
const NOT_LIVE = /^(?:preview|review|staging|stage|dev|develop|development|test|testing|qa|uat|sandbox|ci)\b/i;

function isMeant(
  { environment, production }: Pick<Deployment, 'environment' | 'production'>,
  wanted: string | undefined,
): boolean {
  if (wanted !== undefined && plain(environment) === plain(wanted)) return true;
  if (production) return wanted === undefined || plain(wanted) === 'production';
  return wanted === undefined && !NOT_LIVE.test(environment);
}

function plain(environment: string): string {
  const name = environment.trim().toLowerCase();
  return name === 'prod' || name === 'live' ? 'production' : name;
}

async function byEvents({ containing, seenReleases }: DeploySources, merged: Merged): Promise<Deploy | undefined> {
  for (const { release, at } of seenReleases(merged.since).toSorted((a, b) => (a.at < b.at ? -1 : 1))) {
    if ((await containing.release(release, merged.commit)) !== 'yes') continue;
    return { basis: 'release', told_by: `an event came of release ${shown(release)}`, release, deployed_at: at };
  }
  return undefined;
}

async function bySentry(sources: DeploySources, merged: Merged): Promise<Deploy | undefined> {
  for (const { version, at, environment } of await sources.sentryReleases()) {
    if (environment !== undefined && !isMeant({ environment, production: false }, merged.environment)) continue;
    if ((await sources.containing.release(version, merged.commit)) !== 'yes') continue;
    // A release may be deployed before the merge was noticed here.
    const deployed_at = at < merged.merged_at ? merged.merged_at : at;
    return { basis: 'release', told_by: `Sentry knows release ${shown(version)}`, release: version, deployed_at };
  }
  return undefined;
}

function shown(release: string): string {
  return JSON.stringify(oneLine(release, 100));
}

const DAY_MS = 24 * 60 * 60_000;

/** How long a deploy is waited for: a day where deploys are told of here, else as long as the window. */
export function deployWait(db: Database, { window }: Pick<Config['watch'], 'window'>): number {
  return knowsDeployments(db) ? Math.max(DAY_MS, window) : window;
}
