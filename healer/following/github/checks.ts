/** What CI says of a commit: checks and the older statuses, one word for each. */
import { z } from 'zod';
import type { Canonical } from '../../publishing/github/canonical.ts';
import type { GitHub } from '../../publishing/github/client.ts';
import type { Read } from './people.ts';

export interface CiCheck {
  /** Of a check; null for a status, which has no log. */
  id: number | null;
  name: string;
  state: 'green' | 'red' | 'running';
  /** A job of GitHub Actions, whose log can be read. */
  isJob: boolean;
  url: string;
  /** What a status or a check says of itself. */
  summary: string;
}

const checkSchema = z
  .object({
    id: z.int(),
    name: z.string(),
    status: z.string(),
    conclusion: z.string().nullish(),
    html_url: z.string().nullish(),
    app: z.object({ slug: z.string().nullish() }).nullish(),
    output: z.object({ title: z.string().nullish(), summary: z.string().nullish() }).nullish(),
  })
  .transform(
    (one): CiCheck => ({
      id: one.id,
      name: one.name.slice(0, 200),
      state: one.status !== 'completed' ? 'running' : stateOf(one.conclusion ?? ''),
      isJob: one.app?.slug === 'github-actions',
      url: one.html_url ?? '',
      summary: [one.output?.title, one.output?.summary].filter(Boolean).join('\n'),
    }),
  );

const statusSchema = z
  .object({
    context: z.string(),
    state: z.string(),
    target_url: z.string().nullish(),
    description: z.string().nullish(),
  })
  .transform(
    (one): CiCheck => ({
      id: null,
      name: one.context.slice(0, 200),
      state: one.state === 'pending' ? 'running' : one.state === 'success' ? 'green' : 'red',
      isJob: false,
      url: one.target_url ?? '',
      summary: one.description ?? '',
    }),
  );

/** What somebody cancelled, or has to act on first, tells nothing of the commit yet. */
function stateOf(conclusion: string): CiCheck['state'] {
  if (/^(?:failure|timed_out|startup_failure)$/.test(conclusion)) return 'red';
  return /^(?:success|neutral|skipped)$/.test(conclusion) ? 'green' : 'running';
}

export interface Ci {
  checks: CiCheck[];
  /** Why not all of them could be read. */
  hidden?: string;
}

/** The first hundred of each kind. */
export async function readCi(github: GitHub, { owner, repo }: Canonical, commit: string): Promise<Read<Ci>> {
  const parameters = { owner, repo, commit, per_page: 100 };
  const checks = await github.ask({
    method: 'GET',
    path: '/repos/{owner}/{repo}/commits/{commit}/check-runs',
    parameters,
    answer: z.object({ check_runs: z.array(checkSchema) }).transform(({ check_runs }) => check_runs),
    what: 'list the checks of a commit',
    needs: 'checks: read',
  });
  if (checks.status !== 'ok') {
    const { failure } = checks;
    return failure.status === 'not_permitted' ? { status: 'ok', data: { checks: [], hidden: failure.why } } : checks;
  }
  const statuses = await github.ask({
    method: 'GET',
    path: '/repos/{owner}/{repo}/commits/{commit}/status',
    parameters,
    answer: z.object({ statuses: z.array(statusSchema) }).transform((one) => one.statuses),
    what: 'read the statuses of a commit',
    needs: 'contents: read',
  });
  if (statuses.status !== 'ok') {
    const { failure } = statuses;
    return failure.status === 'not_permitted'
      ? { status: 'ok', data: { checks: checks.data, hidden: failure.why } }
      : statuses;
  }
  return { status: 'ok', data: { checks: [...checks.data, ...statuses.data] } };
}
