/**
 * The tables, as a list of steps: a database at `user_version` n has had the first n. A step that has shipped is never
 * edited; a change is a new step. Times are ISO 8601 text in UTC, `*_json` columns hold JSON.
 *
 * Only `transitions` and `events` point at `incidents`: a fleet may keep incidents in another database while the
 * rest stays here.
 */
import { APPROVAL } from './migrations/approval.ts';
import { BRAKES } from './migrations/brakes.ts';
import { ERRANDS } from './migrations/errands.ts';
import { FIRST } from './migrations/first.ts';
import { FOLLOWING } from './migrations/following.ts';
import { INBOX } from './migrations/inbox.ts';
import { INTAKE } from './migrations/intake.ts';
import { LINKS } from './migrations/links.ts';
import { NOTICES } from './migrations/notices.ts';
import { ONE_INDEX_OF_EVENTS } from './migrations/one-index-of-events.ts';
import { PULL_REQUESTS } from './migrations/pull-requests.ts';
import { QUEUE } from './migrations/queue.ts';
import { RECOVERY } from './migrations/recovery.ts';
import { TRACE } from './migrations/trace.ts';
import { WATCHING } from './migrations/watching.ts';

export const MIGRATIONS: readonly string[] = [
  FIRST,
  PULL_REQUESTS,
  TRACE,
  INTAKE,
  LINKS,
  ERRANDS,
  QUEUE,
  ONE_INDEX_OF_EVENTS,
  BRAKES,
  APPROVAL,
  NOTICES,
  RECOVERY,
  FOLLOWING,
  WATCHING,
  INBOX,
];
