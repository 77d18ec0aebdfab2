/**
 * The one line by which a person lifts a finding: YAML that can be written as it stands, with the file it belongs to. It is
 * told beside the next step and never as one: the law is the base's, and an agent may not write it.
 */
import { renderInline } from '../context/edit/render.ts';
import { CONFIG_FILE } from '../context/law/files.ts';
import type { Config } from '../context/schemas/config.ts';
import type { Origin } from '../context/schemas/fields.ts';

/** Longer lists would make a line that nobody reads. */
const MOST_NAMES = 20;

/** `guardrails: { max_files_changed: 5 }  # in .self-healing/config.yaml` */
export function configLine<S extends keyof Config>(
  section: S,
  key: keyof Config[S] & string,
  value: Config[S][keyof Config[S] & string] | string,
): string {
  const text = Array.isArray(value) ? `[${value.map(onOneLine).join(', ')}]` : onOneLine(value);
  return `${section}: { ${key}: ${text} }  # in ${CONFIG_FILE}`;
}

/** For a key of one entry of a document: `severity: warning  # of INV-001, .self-healing/invariants.yaml:12` */
export function entryLine(id: string, { path, line }: Origin, key: string, value: string | boolean): string {
  return `${key}: ${renderInline(value)}  # of ${id}, ${path}:${line}`;
}

/** Silences what is red on the base as well: its cases by name, or the whole scenario where they are many. */
export function knownFailingLine(known: readonly string[], scenario: string, names: readonly string[] = []): string {
  return configLine('tests', 'known_failing', [...new Set([...known, ...offeredBy(scenario, names)])]);
}

export function offeredBy(scenario: string, names: readonly string[] = []): readonly string[] {
  return names.length === 0 || names.length > MOST_NAMES ? [scenario] : names;
}

/** JSON, where YAML would take several lines. */
function onOneLine(value: unknown): string {
  const text = renderInline(value);
  return text.includes('\n') ? JSON.stringify(value) : text;
}

/** The sentence around the line, for every text that shows it. */
export function liftedBy(lift: string): string {
  return `Only a person may lift it: \`${lift}\``;
}
