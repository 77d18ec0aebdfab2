/** A webhook of an issue: what Sentry has gathered of a group of errors. It has counts and times, and no stack. */
import { z } from 'zod';
import { eventId } from '../../event-id.ts';
import { parseTime } from '../../log-line/time.ts';
import type { Occurrence } from '../../occurrence.ts';
import { maybe, time, word } from './event-schema.ts';
import { levelSeverity } from './level.ts';
import { issueTrigger } from './trigger.ts';

const number = maybe(z.coerce.number().int().nonnegative().max(1_000_000_000));

export const issueSchema = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  title: word,
  culprit: word,
  level: word,
  status: word,
  substatus: word,
  count: number,
  userCount: number,
  firstSeen: time,
  lastSeen: time,
  shortId: word,
  permalink: word,
  web_url: word,
  platform: word,
  issueCategory: word,
  metadata: maybe(z.object({ type: word, value: word, filename: word, function: word, title: word })),
  project: maybe(z.object({ slug: word, name: word })),
});
type Issue = z.output<typeof issueSchema>;

export function issueOccurrence(issue: Issue, action: string): Occurrence {
  const { metadata, count } = issue;
  return {
    id: eventId('sentry', 'issue', issue.id, action, issue.substatus, parseTime(issue.lastSeen) ?? count),
    type: metadata?.type ?? '',
    message: metadata?.value ?? metadata?.title ?? issue.title ?? 'An issue without a title',
    notActionable: whyNot(issue, action),
    trigger: issueTrigger(issue.substatus, action),
    ...levelSeverity(issue.level),
    count: count || undefined,
    firstSeen: parseTime(issue.firstSeen),
    time: parseTime(issue.lastSeen),
    service: issue.project?.slug ?? issue.project?.name,
    affectedUsers: issue.userCount,
    url: issue.web_url ?? issue.permalink,
    group: issue.id,
    place: metadata?.filename === undefined ? undefined : { file: metadata.filename, function: metadata.function },
    labels: {
      project: issue.project?.slug,
      level: issue.level,
      platform: issue.platform,
      issue: issue.shortId,
      category: issue.issueCategory,
    },
    annotations: { culprit: issue.culprit },
  };
}

/** Only what says that something is broken now starts anything. */
function whyNot({ status, issueCategory }: Issue, action: string): string | undefined {
  if (issueCategory === 'feedback') return 'it is what a user wrote, and no error';
  if (status === 'resolved' || status === 'ignored') return `the issue is ${status} in Sentry`;
  return /^(?:created|unresolved|triggered)$/.test(action) ? undefined : `the issue was ${action} in Sentry`;
}
