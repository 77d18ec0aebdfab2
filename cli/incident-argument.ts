/** The id of an incident as people type it: with or without `INC-`, in any case. */
import { z } from 'zod';

export const incidentArgument = z
  .string()
  .trim()
  .regex(/^(INC-)?[0-9a-f]{16}$/i, 'an incident id looks like INC-1a2b3c4d5e6f7890')
  .transform((text) => `INC-${text.slice(-16).toLowerCase()}`);
