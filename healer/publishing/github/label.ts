/** Puts a label on a pull request, making the label when the repository has none of that name. */
import { z } from 'zod';
import type { Canonical } from './canonical.ts';
import type { GitHub } from './client.ts';
import type { GitHubFailure } from './failure.ts';

export interface LabelRequest {
  number: number;
  label: string;
  /** Labels it has already. */
  has: string[];
  /** Of a label that is made now; default: that of a proposal. */
  description?: string;
}

const COLOUR = '5319e7';
const DESCRIPTION = 'A fix proposed and proven by self-healing';

/** Undefined when it is there now, else why not. A missing label never fails a proposal. */
export async function putLabel(github: GitHub, where: Canonical, request: LabelRequest): Promise<string | undefined> {
  const { label, number } = request;
  const same = (name: string) => name.toLowerCase() === label.toLowerCase();
  if (request.has.some(same)) return undefined;
  const missing = await ensureLabel(github, where, label, request.description ?? DESCRIPTION);
  if (missing !== undefined) return warning(label, missing);
  const put = await github.ask({
    method: 'POST',
    path: '/repos/{owner}/{repo}/issues/{number}/labels',
    parameters: { owner: where.owner, repo: where.repo, number, labels: [label] },
    answer: z.array(z.object({ name: z.string() })),
    what: `label pull request ${number}`,
    needs: 'issues: write',
    repeatable: true,
  });
  return put.status === 'ok' ? undefined : warning(label, put.failure);
}

async function ensureLabel(
  github: GitHub,
  where: Canonical,
  name: string,
  description: string,
): Promise<GitHubFailure | undefined> {
  const found = await github.ask({
    method: 'GET',
    path: '/repos/{owner}/{repo}/labels/{name}',
    parameters: { ...{ owner: where.owner, repo: where.repo }, name },
    answer: z.object({ name: z.string() }),
    what: `look for the label "${name}"`,
    needs: 'issues: write',
  });
  if (found.status === 'ok') return undefined;
  if (found.http !== 404) return found.failure;
  const made = await github.ask({
    method: 'POST',
    path: '/repos/{owner}/{repo}/labels',
    parameters: { owner: where.owner, repo: where.repo, name, color: COLOUR, description },
    answer: z.object({ name: z.string() }),
    what: `make the label "${name}"`,
    needs: 'issues: write',
    repeatable: true, // a second one is answered with already_exists
  });
  if (made.status === 'ok' || made.findings.some(({ code }) => code === 'already_exists')) return undefined;
  return made.failure;
}

function warning(label: string, failure: GitHubFailure): string {
  const next = 'next' in failure ? ` ${failure.next}` : '';
  return `The label "${label}" could not be set: ${failure.why}.${next}`;
}
