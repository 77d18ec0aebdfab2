/** The first `config.yaml`: every key with its default and its meaning, commented out, generated from the schema. */
import { z } from 'zod';
import type { DetectedService } from '../detect/services.ts';
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
  /** Why this command, for its comment. */
  testWhy?: string;
  /** Cases that were red when init ran them: proposed in a comment. */
  knownFailing?: readonly string[];
  services?: readonly DetectedService[];
}

/** More names than these make a comment that nobody reads. */
const MOST_NAMES = 20;

function sectionLines(name: string, section: Key, chosen: Chosen): string[] {
  if (name === 'services' && chosen.services !== undefined && chosen.services.length > 0)
    return serviceLines(chosen.services);
  if (!section.properties) return lines('', name, defaultOf(section), section.description).map(commented);
  const head = `${name}:${section.description ? `   # ${section.description}` : ''}`;
  const command = name === 'tests' && chosen.testCommand !== '' ? chosen.testCommand : undefined;
  const keys = Object.entries(section.properties).flatMap(([key, schema]) => {
    if (command !== undefined && key === 'command')
      return lines('  ', key, command, `Runs all tests; found by init${chosen.testWhy ? `: ${chosen.testWhy}` : ''}`);
    if (name === 'tests' && key === 'known_failing') return knownFailingLines(schema, chosen.knownFailing ?? []);
    return lines('  ', key, defaultOf(schema), schema.description).map(commented);
  });
  return [command === undefined ? commented(head) : head, ...keys];
}

/** Red when init ran them. Left as a comment: as long as they are red on the base as well, a fix is a draft. */
function knownFailingLines(schema: Key, failing: readonly string[]): string[] {
  if (failing.length === 0) return lines('  ', 'known_failing', defaultOf(schema), schema.description).map(commented);
  const names = failing.slice(0, MOST_NAMES);
  const more = failing.length > names.length ? ['  #   (and more)'] : [];
  return [
    '  # Red when init ran them. With the "# " in front removed, they are accepted as they are, and no warning is made of them:',
    '#   known_failing:',
    ...names.map((name) => `#     - ${renderInline(name)}`),
    ...more,
  ];
}

function serviceLines(services: readonly DetectedService[]): string[] {
  return [
    'services:   # Found by init. tag: short, for messages; strip: where the repository lies in production',
    ...services.flatMap(({ name, tag, paths, strip, why }) => [
      `  - name: ${renderInline(name)}   # ${why}`,
      `    tag: ${renderInline(tag)}`,
      `    paths: ${renderInline(paths)}`,
      strip === '' ? '    # strip: /srv/app' : `    strip: ${renderInline(strip)}`,
    ]),
  ];
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
