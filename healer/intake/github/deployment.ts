/** A deploy that GitHub tells of: no error, and a row for those who watch what was deployed. */
import { z } from 'zod';
import { readDeployment } from '../../../events/sources/github.ts';
import type { ErrandContext, Errands } from '../source.ts';
import { notOurs } from './leave-out.ts';

export const DEPLOYMENT = 'deployment';

export const deploymentSchema = z.object({
  commit: z.string(),
  environment: z.string(),
  production: z.boolean(),
  time: z.string().optional(),
});

/** Undefined when the webhook tells of something else. */
export async function deployment(
  text: string,
  headers: Parameters<typeof readDeployment>[1],
  asked: ErrandContext,
): Promise<Errands | undefined> {
  const told = readDeployment(text, headers);
  if (told === undefined) return undefined;
  const why = await notOurs(told.repository, asked);
  if (why !== undefined) return { errands: [], left_out: [why] };
  const { id, repository, ...payload } = told;
  return { errands: [{ id: `${DEPLOYMENT} ${repository} ${id}`, kind: DEPLOYMENT, payload }], left_out: [] };
}
