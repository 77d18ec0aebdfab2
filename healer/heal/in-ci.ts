/**
 * Brakes of a `heal` that a workflow of CI starts. Its runner forgets everything when it ends, so what was proposed and
 * what was tried is looked up on GitHub: without them a branch that stays red would start a run at every push.
 */
import type { Config } from '../../context/schemas/config.ts';
import { eventSchema } from '../../events/event.ts';
import type { IncidentRecord } from '../../store/incidents.ts';
import { readableConfig } from '../incidents/working-config.ts';
import { connect } from '../intake/github/read.ts';
import { type Canonical, canonical } from '../publishing/github/canonical.ts';
import type { GitHub } from '../publishing/github/client.ts';
import { putLabel } from '../publishing/github/label.ts';
import { type PullRequestDetails, pullRequests, pullRequestsOf } from '../publishing/github/pull-requests.ts';
import type { Workbench } from '../workbench.ts';

/** Stands on a pull request whose failure was tried. A person removes it to let it be tried again. */
export const TRIED_LABEL = 'self-healing-tried';

const DAY_MS = 86_400_000;
/** A hundred pull requests a page. */
const PAGES = 10;

const ranOnSchema = eventSchema.pick({ source: true, labels: true });

/**
 * Why nothing is started here, to end a sentence with; undefined when it may be, and then the attempt is noted on the pull
 * request of the branch that failed. Outside a workflow, and for errors of other sources, always undefined.
 */
export async function heldBackInCi(
  bench: Workbench,
  record: IncidentRecord,
  { env, signal }: { env: Readonly<Record<string, string | undefined>>; signal: AbortSignal | undefined },
): Promise<string | undefined> {
  const { source, labels } = ranOnSchema.parse(record.event);
  const { fingerprint } = record;
  const { repository, branch } = labels ?? {};
  if (env.GITHUB_ACTIONS !== 'true' || source !== 'github' || !repository || !branch) return undefined;
  const github = await connect(env, repository, signal);
  if (typeof github === 'string') return `what was tried before cannot be looked up: ${github}`;
  const where = await canonical(github);
  if (where.status !== 'ok') return `what was tried before cannot be looked up: ${where.failure.why}`;
  const config = await readableConfig(bench.repository);
  return (
    (await proposedAlready(github, where.data, { fingerprint, config, now: bench.now() })) ??
    (await noteTried(github, where.data, branch))
  );
}

interface Asked {
  fingerprint: string;
  config: Config;
  now: Date;
}

async function proposedAlready(
  github: GitHub,
  where: Canonical,
  { fingerprint, config, now }: Asked,
): Promise<string | undefined> {
  const since = new Date(now.getTime() - DAY_MS).toISOString();
  const open = await pullRequests(github, where, { state: 'open', pages: PAGES });
  if (open.status !== 'ok') return `what is proposed cannot be looked up: ${open.failure.why}`;
  const same = open.items.find((one) => isOurs(one) && one.branch.includes(`hotfix/auto-${fingerprint}`));
  if (same) return `a fix of this failure is proposed already: ${same.url}`;
  const recent = await pullRequests(github, where, { state: 'all', since, pages: PAGES });
  if (recent.status !== 'ok') return `what is proposed cannot be looked up: ${recent.failure.why}`;
  const made = recent.items.filter((one) => isOurs(one) && one.createdAt >= since).length;
  const most = config.budget.max_prs_per_day;
  return made < most ? undefined : `budget.max_prs_per_day (${most}) is used up`;
}

function isOurs({ fromHere, branch }: PullRequestDetails): boolean {
  return fromHere && branch.startsWith('hotfix/auto-');
}

async function noteTried(github: GitHub, where: Canonical, branch: string): Promise<string | undefined> {
  const found = await pullRequestsOf(github, where, branch);
  if (found.status !== 'ok') return `what was tried cannot be looked up: ${found.failure.why}`;
  const own = found.items.filter(({ state }) => state === 'open');
  const tried = own.find(({ labels }) => labels.includes(TRIED_LABEL));
  if (tried)
    return `a failure of this pull request was tried before (remove its label "${TRIED_LABEL}" to let it be tried again): ${tried.url}`;
  for (const { number, labels } of own) {
    const why = await putLabel(github, where, {
      number,
      label: TRIED_LABEL,
      has: labels,
      description: 'self-healing tried to fix a failure of it; remove the label to let it try again',
    });
    if (why !== undefined) return `the attempt cannot be noted. ${why}`;
  }
  return undefined;
}
