/** The repository under its present name: GitHub redirects reads of a renamed one, but not what changes something. */
import { z } from 'zod';
import type { Answer, GitHub } from './client.ts';

export interface Canonical {
  owner: string;
  repo: string;
  /** Nothing can be changed in it. */
  archived: boolean;
}

const payload = z
  .object({ name: z.string(), owner: z.object({ login: z.string() }), archived: z.boolean().default(false) })
  .transform(({ name, owner, archived }): Canonical => ({ owner: owner.login, repo: name, archived }));

export function canonical(github: GitHub): Promise<Answer<Canonical>> {
  return github.ask({
    method: 'GET',
    path: '/repos/{owner}/{repo}',
    parameters: { owner: github.where.owner, repo: github.where.name },
    answer: payload,
    what: `read the repository ${github.where.owner}/${github.where.name}`,
    needs: 'metadata: read',
  });
}
