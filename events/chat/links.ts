/** Links in what people write that name something we can look up. */

export interface CiLink {
  /** `owner/name` */
  repository: string;
  run: number;
  job: number | undefined;
}

/** A run of GitHub Actions, or a job of one. */
export function ciLink(text: string): CiLink | undefined {
  const [, repository, run, job] =
    /https?:\/\/[\w.-]{1,200}(?::\d{1,5})?\/([\w.-]{1,100}\/[\w.-]{1,100})\/actions\/runs\/(\d{1,15})(?:\/attempts\/\d{1,5})?(?:\/job\/(\d{1,15}))?/.exec(
      text,
    ) ?? [];
  if (repository === undefined) return undefined;
  return { repository, run: Number(run), job: job === undefined ? undefined : Number(job) };
}

export interface MessageLink {
  channel: string;
  ts: string;
}

/** Another message of Slack: the last six digits of its time stand without the point. */
export function slackLink(text: string): MessageLink | undefined {
  const [, channel, seconds, rest] =
    /https:\/\/[\w-]{1,100}\.slack\.com\/archives\/([CDG][A-Z0-9]{2,20})\/p(\d{10})(\d{6})\b/.exec(text) ?? [];
  return channel === undefined ? undefined : { channel, ts: `${seconds}.${rest}` };
}

/** The first link to anything, for people to follow. */
export function anyLink(text: string): string | undefined {
  return /https?:\/\/[^\s<>()|"']{1,1000}/.exec(text)?.[0];
}

export interface SentryLink {
  /** Scheme, host and port. */
  origin: string;
  /** Slug of the organisation; of an old link without one, undefined. */
  organization: string | undefined;
  issue: string;
  /** One event of it; else the latest is meant. */
  event: string | undefined;
}

const MOST_LINKS = 20;

/** Issues of Sentry, wherever that runs; by number, as all its pages name them. Those of others may look alike. */
export function sentryLinks(text: string): SentryLink[] {
  const links = [...text.matchAll(/https?:\/\/[\w.-]{1,200}(?::\d{1,5})?\/[\w./-]{0,300}/g)].slice(0, MOST_LINKS);
  return links.flatMap(([link]): SentryLink[] => {
    if (!URL.canParse(link)) return [];
    const { origin, hostname, pathname } = new URL(link);
    const found = /^\/(?:(?:organizations\/)?([\w-]{1,100})\/(?:[\w-]{1,100}\/)?)?issues\/(\d{1,20})(?:\/|$)/.exec(
      pathname,
    );
    if (!found) return [];
    const [, named, issue = ''] = found;
    const [own] = /^[\w-]+(?=\.sentry\.io$)/.exec(hostname) ?? [];
    const event = /\/events\/([0-9a-f]{32})(?:\/|$)/.exec(pathname)?.[1];
    return [{ origin, organization: named ?? own, issue, event }];
  });
}
