/** `incidents.yaml`: what broke before, what was learned, and what not to do again. */
import { z } from 'zod';
import { incidentIdSchema, type Origin, pathsSchema, proposedSchema, versionSchema } from './fields.ts';
import { matchSchema } from './invariants.ts';

const antiPatternSchema = z
  .union([
    z.string().min(1),
    z.strictObject({
      description: z.string().min(1),
      match: matchSchema.optional().describe('Finds it in the added lines of a fix'),
    }),
  ])
  .transform((value) => (typeof value === 'string' ? { description: value, match: undefined } : value));

export const incidentEntrySchema = z.strictObject({
  id: incidentIdSchema,
  date: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}/, 'Expected a date such as 2026-11-20')
    .optional(),
  error: z.string().min(1),
  files: pathsSchema.prefault([]),
  root_cause: z.string().prefault(''),
  fix: z.string().prefault(''),
  lesson: z.string().prefault(''),
  anti_pattern: antiPatternSchema.optional().describe('What not to do again'),
  proposed: proposedSchema,
});

export const incidentsFileSchema = z
  .strictObject({ version: versionSchema, incidents: z.array(incidentEntrySchema).nullish() })
  .transform(({ incidents, ...rest }) => ({ ...rest, incidents: incidents ?? [] }));

export interface PastIncident extends z.output<typeof incidentEntrySchema> {
  origin: Origin;
}

/** Whether the entry with this id is about the incident: its own, or `INC-<fingerprint>-2` of a later round. */
export function isAbout(id: string, incident: string): boolean {
  return id === incident || (id.startsWith(`${incident}-`) && /^\d+$/.test(id.slice(incident.length + 1)));
}
