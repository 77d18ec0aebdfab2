/** The first line of every document: where an editor finds the JSON Schema that gives completion. */

/** Copies of the JSON Schemas, written into the repository by `init`, so that completion needs no network. */
export const SCHEMA_FOLDER = '.self-healing/.schema';

export const SCHEMA_NAMES = ['config', 'scenarios', 'invariants', 'impact-map', 'incidents'] as const;
export type SchemaName = (typeof SCHEMA_NAMES)[number];

export function schemaComment(name: SchemaName): string {
  const up = name === 'scenarios' ? '../' : './';
  return `# yaml-language-server: $schema=${up}.schema/${name}.json`;
}
