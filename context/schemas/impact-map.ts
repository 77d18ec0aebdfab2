/** `impact-map.yaml`: hand-written facts that the computed import graph cannot know (HTTP, queues, SQL), and risks. */
import { z } from 'zod';
import { type Origin, pathSchema, pathsSchema, proposedSchema, versionSchema } from './fields.ts';

export const RISK_LEVELS = ['low', 'medium', 'high', 'critical'] as const;

export const edgeSchema = z.strictObject({
  from: pathSchema.describe('The file that depends'),
  to: pathSchema.describe('The file it depends on'),
  why: z.string().prefault(''),
  proposed: proposedSchema,
});

export const riskSchema = z.strictObject({
  files: pathsSchema.min(1),
  level: z.enum(RISK_LEVELS),
  why: z.string().prefault(''),
  proposed: proposedSchema,
});

export const impactMapFileSchema = z
  .strictObject({
    version: versionSchema,
    edges: z.array(edgeSchema).nullish(),
    risk: z.array(riskSchema).nullish(),
  })
  .transform(({ edges, risk, ...rest }) => ({ ...rest, edges: edges ?? [], risk: risk ?? [] }));

export interface Edge extends z.output<typeof edgeSchema> {
  origin: Origin;
}
export interface Risk extends z.output<typeof riskSchema> {
  origin: Origin;
}
export interface ImpactMap {
  edges: Edge[];
  risk: Risk[];
}
