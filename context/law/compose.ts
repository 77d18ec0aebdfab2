/** The bytes of the law files to one `Law`: parsed, ids unique, every entry with the place it was written at. */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { Problem } from '../document/problem.ts';
import { parseDocument } from '../document.ts';
import { type Config, configSchema, defaultConfig } from '../schemas/config.ts';
import type { Origin } from '../schemas/fields.ts';
import { type ImpactMap, impactMapFileSchema } from '../schemas/impact-map.ts';
import { incidentsFileSchema, type PastIncident } from '../schemas/incidents.ts';
import { type Invariant, invariantsFileSchema } from '../schemas/invariants.ts';
import { type Scenario, scenarioFileSchema } from '../schemas/scenarios.ts';
import {
  CONFIG_FILE,
  IMPACT_MAP_FILE,
  INCIDENTS_FILE,
  INVARIANTS_FILE,
  isScenarioFile,
  type LawFiles,
} from './files.ts';

/** The four layers and the config, as one set of files says them. */
export interface Layers {
  config: Config;
  scenarios: Scenario[];
  invariants: Invariant[];
  impactMap: ImpactMap;
  incidents: PastIncident[];
  /** What is wrong in the files; the entries of a broken file are missing above. */
  problems: Problem[];
  /** sha256 (hex) of each file's bytes, by repository-relative path. */
  files: Record<string, string>;
}

/** False for entries that a model drafted outside a fix: shown and flagged, but without force until a person accepts them. */
export function inForce(entry: { proposed?: boolean | undefined }): boolean {
  return entry.proposed !== true;
}

function moduleOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.yaml$/, '');
}

/** One problem at every entry whose id is already taken by an earlier one. */
function duplicateIds(layer: string, entries: readonly { id: string; origin: Origin }[]): Problem[] {
  const first = new Map<string, Origin>();
  return entries.flatMap(({ id, origin }): Problem[] => {
    const taken = first.get(id);
    if (!taken) {
      first.set(id, origin);
      return [];
    }
    const message = `The ${layer} id ${id} is already used at ${taken.path}:${taken.line}:${taken.column}.`;
    return [{ file: origin.path, line: origin.line, column: origin.column, code: 'duplicate_id', message }];
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function textOf(bytes: Buffer): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** What was read from a file's bytes, for as long as somebody holds these very bytes. */
export class ParsedFiles {
  readonly #kept = new WeakMap<Buffer, { path: string; value: unknown; problems: Problem[] }>();

  /** What `read` answers for one file; not read again when it was read from this very buffer before. */
  of<T>(path: string, bytes: Buffer, read: (problems: Problem[]) => T): { value: T; problems: Problem[] } {
    const kept = this.#kept.get(bytes);
    if (kept?.path === path) return kept as { value: T; problems: Problem[] };
    const problems: Problem[] = [];
    const made = { path, value: read(problems), problems };
    this.#kept.set(bytes, made);
    return made;
  }
}

/** Reads the documents one by one and gathers what is wrong in them. */
class Reading {
  readonly problems: Problem[] = [];
  readonly #files: LawFiles;
  readonly #parsed: ParsedFiles;

  constructor(files: LawFiles, parsed: ParsedFiles) {
    this.#files = files;
    this.#parsed = parsed;
  }

  /** `read` has the problems of this file to add to; `empty` stands for a file that is not there. */
  file<T>(path: string, empty: T, read: (document: ReadDocument) => T): T {
    const bytes = this.#files.get(path);
    if (!bytes) return empty;
    const { value, problems } = this.#parsed.of(path, bytes, (own) => {
      return read((schema) => readDocument(path, bytes, schema, own));
    });
    this.problems.push(...problems);
    return value;
  }
}

type ReadDocument = <T>(schema: z.ZodType<T>) => { value: T; origin: (at: PropertyKey[]) => Origin } | undefined;

function readDocument<T>(
  path: string,
  bytes: Buffer,
  schema: z.ZodType<T>,
  problems: Problem[],
): { value: T; origin: (at: PropertyKey[]) => Origin } | undefined {
  const text = textOf(bytes);
  if (text === undefined) {
    problems.push({ file: path, line: 1, column: 1, code: 'yaml_syntax', message: 'The file is not UTF-8 text.' });
    return undefined;
  }
  const parsed = parseDocument(text, path, schema);
  if (parsed.ok) return { value: parsed.value, origin: (at) => ({ path, ...parsed.placeOf(at) }) };
  problems.push(...parsed.problems);
  return undefined;
}

/** The entries of the list `key`, each with its place. */
function entriesOf<K extends string, E extends object>(
  reading: Reading,
  path: string,
  schema: z.ZodType<Record<K, E[]>>,
  key: K,
): (E & { origin: Origin })[] {
  return reading.file<(E & { origin: Origin })[]>(path, [], (read) => {
    const file = read(schema);
    return file ? file.value[key].map((entry, index) => ({ ...entry, origin: file.origin([key, index]) })) : [];
  });
}

function scenariosOf(reading: Reading, path: string): Scenario[] {
  return reading.file<Scenario[]>(path, [], (read) => {
    const file = read(scenarioFileSchema);
    if (!file) return [];
    const { module = moduleOf(path), files, scenarios } = file.value;
    return scenarios.map((entry, index) => ({ ...entry, module, files, origin: file.origin(['scenarios', index]) }));
  });
}

/** One object for all, so that whoever remembers what was made of it need not make it again. */
const NO_IMPACT_MAP: ImpactMap = { edges: [], risk: [] };

function impactMapOf(reading: Reading): ImpactMap {
  return reading.file<ImpactMap>(IMPACT_MAP_FILE, NO_IMPACT_MAP, (read) => {
    const file = read(impactMapFileSchema);
    if (!file) return NO_IMPACT_MAP;
    return {
      edges: file.value.edges.map((edge, index) => ({ ...edge, origin: file.origin(['edges', index]) })),
      risk: file.value.risk.map((risk, index) => ({ ...risk, origin: file.origin(['risk', index]) })),
    };
  });
}

/** Parses the law files, but for those that `parsed` knows; never throws on their content. */
export function composeLaw(files: LawFiles, parsed = new ParsedFiles()): Layers {
  const reading = new Reading(files, parsed);
  const layers = {
    config:
      reading.file<Config | undefined>(CONFIG_FILE, undefined, (read) => read(configSchema)?.value) ?? defaultConfig(),
    scenarios: [...files.keys()].filter(isScenarioFile).flatMap((path) => scenariosOf(reading, path)),
    invariants: entriesOf(reading, INVARIANTS_FILE, invariantsFileSchema, 'invariants'),
    impactMap: impactMapOf(reading),
    incidents: entriesOf(reading, INCIDENTS_FILE, incidentsFileSchema, 'incidents'),
  };
  const problems = [
    ...reading.problems,
    ...duplicateIds('scenario', layers.scenarios),
    ...duplicateIds('invariant', layers.invariants),
    ...duplicateIds('incident', layers.incidents),
  ];
  const digests = [...files].map(([path, bytes]) => [path, createHash('sha256').update(bytes).digest('hex')] as const);
  return { ...layers, problems, files: Object.fromEntries(digests) };
}
