/** Which open pull requests change one of the files of a fix. One request each, so their number is bounded. */
import { z } from 'zod';
import type { Canonical } from './canonical.ts';
import type { GitHub } from './client.ts';
import type { Problem } from './failure.ts';
import { list } from './pages.ts';
import type { PullRequestDetails } from './pull-requests.ts';

export interface OverlapRequest {
  /** Open pull requests, those changed last first. */
  candidates: PullRequestDetails[];
  files: string[];
  base: string;
}

export type Overlap = { status: 'ok'; items: (PullRequestDetails & { files: string[] })[]; notes: string[] } | Problem;

/** Of the token's 1,000 (workflow) or 5,000 requests an hour this takes at most 150. */
const MOST_PULL_REQUESTS = 50;
const FILE_PAGES = 3;

const changed = z
  .object({ filename: z.string(), previous_filename: z.string().optional() })
  .transform(({ filename, previous_filename }) => [filename, previous_filename ?? filename]);

/** Those into the same base go first: they are the likely conflicts. */
export async function overlapping(github: GitHub, where: Canonical, request: OverlapRequest): Promise<Overlap> {
  const { candidates, base } = request;
  if (request.files.length === 0) return { status: 'ok', items: [], notes: [] };
  const ordered = [...candidates.filter((one) => one.base === base), ...candidates.filter((one) => one.base !== base)];
  const wanted = new Set(request.files);
  const items: (PullRequestDetails & { files: string[] })[] = [];
  const notes: string[] = [];
  for (const one of ordered.slice(0, MOST_PULL_REQUESTS)) {
    const files = await list(github, {
      path: '/repos/{owner}/{repo}/pulls/{number}/files',
      parameters: { owner: where.owner, repo: where.repo, number: one.number },
      answer: z.array(changed),
      pages: FILE_PAGES,
      what: `list the files of pull request ${one.number}`,
      needs: 'pull requests: read',
    });
    if (files.status !== 'ok') return files;
    const common = [...new Set(files.items.flat())].filter((file) => wanted.has(file));
    if (common.length > 0) items.push({ ...one, files: common });
    if (files.cut) notes.push(`Of pull request ${one.number} only the first ${FILE_PAGES * 100} files were looked at.`);
  }
  const left = ordered.length - MOST_PULL_REQUESTS;
  if (left > 0) notes.push(`The files of ${left} more open pull requests were not looked at.`);
  return { status: 'ok', items, notes };
}
