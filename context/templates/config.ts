/** The first `config.yaml`: every key with its default and its meaning, commented out, generated from the schema. */
import { z } from 'zod';
import { renderInline } from '../edit/render.ts';
import { jsonSchema } from '../schemas/json-schema.ts';
import { schemaComment } from '../schemas/schema-comment.ts';

/** The part of a JSON Schema that is read here. */
const keySchema = z.object({
  description: z.string().optional(),
  default: z.unknown().optional(),
  get properties() {
    return z.record(z.string(), keySchema).optional();
  },
});
type Key = z.output<typeof keySchema>;

/** The default of a key as people would write it; that of a section is the defaults of its keys. */
function defaultOf({ properties, default: own }: Key): unknown {
  if (!properties) return own;
  return Object.fromEntries(Object.entries(properties).map(([name, key]) => [name, defaultOf(key)]));
}

/** Beside the value, or above it where the line would get long. */
function lines(indent: string, name: string, value: unknown, description: string | undefined): string[] {
  const setting = `${indent}${name}: ${renderInline(value)}`;
  if (!description) return [setting];
  const beside = `${setting}   # ${description}`;
  return beside.length <= 118 ? [beside] : [`${indent}# ${description}`, setting];
}

const commented = (line: string) => `# ${line}`;

/** Values that a project sets from the start, with the reason for each. */
export interface Chosen {
  testCommand: string;
}

function sectionLines(name: string, section: Key, chosen: Chosen): string[] {
  if (!section.properties) return lines('', name, defaultOf(section), section.description).map(commented);
  const head = `${name}:${section.description ? `   # ${section.description}` : ''}`;
  const command = name === 'tests' && chosen.testCommand !== '' ? chosen.testCommand : undefined;
  const keys = Object.entries(section.properties).flatMap(([key, schema]) => {
    if (command !== undefined && key === 'command') return lines('  ', key, command, 'Runs all tests; found by init');
    return lines('  ', key, defaultOf(schema), schema.description).map(commented);
  });
  return [command === undefined ? commented(head) : head, ...keys];
}

export function configTemplate(chosen: Chosen): string {
  const { version: _, ...sections } = keySchema.parse(jsonSchema('config')).properties ?? {};
  const head = [
    schemaComment('config'),
    '# Every setting with its default. Remove the "# " in front of a line, and of the line that names its section, to',
    '# change it. Secrets never stand here: they come from the environment.',
    'version: "1.0"',
  ];
  const body = Object.entries(sections).flatMap(([name, section]) => ['', ...sectionLines(name, section, chosen)]);
  return `${[...head, ...body].join('\n')}\n`;
}
