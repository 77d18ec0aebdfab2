/** The JSON Schemas that give editors completion and hints, generated from the schemas that parse. */
import { z } from 'zod';
import { configSchema } from './config.ts';
import { impactMapFileSchema } from './impact-map.ts';
import { incidentsFileSchema } from './incidents.ts';
import { invariantsFileSchema } from './invariants.ts';
import { scenarioFileSchema } from './scenarios.ts';
import type { SchemaName } from './schema-comment.ts';

const DOCUMENTS: Record<SchemaName, z.ZodType> = {
  config: configSchema,
  scenarios: scenarioFileSchema,
  invariants: invariantsFileSchema,
  'impact-map': impactMapFileSchema,
  incidents: incidentsFileSchema,
};

/** Draft 7, of what people write (before defaults and conversions). */
export function jsonSchema(name: SchemaName): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(DOCUMENTS[name], { io: 'input', target: 'draft-7' });
}

/** As it stands in a file. */
export function jsonSchemaText(name: SchemaName): string {
  return `${JSON.stringify({ title: `self-healing: ${name}`, ...jsonSchema(name) }, null, 2)}\n`;
}
