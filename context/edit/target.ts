/** Which file and list an entry belongs to, and how the entry that it replaces is recognised. */
import { basename } from 'node:path';
import type { z } from 'zod';
import { UserError } from '../../events/errors.ts';
import { parseDocument } from '../document.ts';
import {
  IMPACT_MAP_FILE,
  INCIDENTS_FILE,
  INVARIANTS_FILE,
  isScenarioFile,
  type LawFiles,
  SCENARIOS_FOLDER,
} from '../law/files.ts';
import { matches } from '../path-rules.ts';
import { edgeSchema, impactMapFileSchema, riskSchema } from '../schemas/impact-map.ts';
import { incidentEntrySchema, incidentsFileSchema } from '../schemas/incidents.ts';
import { invariantEntrySchema, invariantsFileSchema } from '../schemas/invariants.ts';
import { type ScenarioFile, scenarioEntrySchema, scenarioFileSchema } from '../schemas/scenarios.ts';
import { schemaComment } from '../schemas/schema-comment.ts';
import { nextScenarioId } from './next-scenario-id.ts';
import type { JsonObject } from './splice.ts';

export type Layer = 'scenarios' | 'invariants' | 'impact' | 'incidents';

export interface Placement {
  layer: Layer;
  entry: JsonObject;
  module?: string | undefined;
  files?: readonly string[] | undefined;
  /** Ids that a new scenario may not get, whatever the files say. */
  taken: readonly { id: string }[];
}

export interface Target {
  path: string;
  list: string;
  entrySchema: z.ZodType;
  fileSchema: z.ZodType;
  entry: JsonObject;
  isSame: (existing: JsonObject) => boolean;
  /** First lines of the file where it does not exist yet. */
  header: string;
}

const sameId = (entry: JsonObject) => (existing: JsonObject) => entry.id !== undefined && existing.id === entry.id;

function header(schema: Parameters<typeof schemaComment>[0], ...lines: string[]): string {
  return [schemaComment(schema), 'version: "1.0"', ...lines, ''].join('\n');
}

/** The file name of a module: what is not allowed in it becomes a dash. */
function moduleFile(module: string): string {
  const name = module
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64);
  if (name === '')
    throw new UserError(
      `The module name ${JSON.stringify(module)} has no letter or digit.`,
      'Name it like the part of the code it is about, such as auth.',
    );
  return `${SCENARIOS_FOLDER}/${name}.yaml`;
}

interface ExistingFile extends ScenarioFile {
  path: string;
}

/** A file with errors is none of them: it keeps nobody from editing the others. */
function scenarioFiles(files: LawFiles): ExistingFile[] {
  return [...files].flatMap(([path, bytes]) => {
    if (!isScenarioFile(path)) return [];
    const parsed = parseDocument(bytes.toString('utf8'), path, scenarioFileSchema);
    return parsed.ok ? [{ ...parsed.value, path, module: parsed.value.module ?? basename(path, '.yaml') }] : [];
  });
}

function scenarioTarget(placement: Placement, files: LawFiles): Target {
  const { module: ownModule, files: ownFiles, ...given } = placement.entry;
  const module = placement.module ?? (typeof ownModule === 'string' ? ownModule : undefined);
  const globs = [...(placement.files ?? (Array.isArray(ownFiles) ? ownFiles.map(String) : []))];
  const existing = scenarioFiles(files);
  const used = [...placement.taken, ...existing.flatMap(({ scenarios }) => scenarios)];
  const entry = { id: nextScenarioId({ scenarios: used }), ...given };
  const holder = existing.find(({ scenarios }) => scenarios.some(({ id }) => id === entry.id));
  if (holder && module !== undefined && holder.module !== module)
    throw new UserError(
      `Scenario ${String(entry.id)} is in ${holder.path} already.`,
      `Use another id, or the module ${holder.module} to change it.`,
    );
  if (!holder && module === undefined)
    throw new UserError(
      'A new scenario needs a module: the name of the file it goes into.',
      'Give `module`, such as auth.',
    );
  const named = existing.find((file) => file.module === module);
  const path = holder?.path ?? named?.path ?? moduleFile(module ?? '');
  const file = existing.find((candidate) => candidate.path === path);
  const missing = file ? globs.filter((glob) => !file.files.includes(glob) && !matches(file.files, glob)) : [];
  if (missing.length > 0)
    throw new UserError(
      `${path} is about ${file?.files.join(', ') || 'no files'}; ${missing.join(', ')} is not among them.`,
      'Use another module for it: its file is created with these files.',
    );
  const lines = [`module: ${JSON.stringify(module)}`, ...(globs.length > 0 ? [`files: ${JSON.stringify(globs)}`] : [])];
  return {
    path,
    list: 'scenarios',
    entrySchema: scenarioEntrySchema,
    fileSchema: scenarioFileSchema,
    entry,
    isSame: sameId(entry),
    header: header('scenarios', ...lines),
  };
}

function impactTarget(entry: JsonObject): Target {
  const common = { path: IMPACT_MAP_FILE, fileSchema: impactMapFileSchema, entry, header: header('impact-map') };
  if ('from' in entry || 'to' in entry) {
    const isSame = (existing: JsonObject) => existing.from === entry.from && existing.to === entry.to;
    return { ...common, list: 'edges', entrySchema: edgeSchema, isSame };
  }
  const isSame = (existing: JsonObject) => JSON.stringify(existing.files) === JSON.stringify(entry.files);
  return { ...common, list: 'risk', entrySchema: riskSchema, isSame };
}

/** Throws UserError when the entry has no place to go. */
export function targetOf(placement: Placement, files: LawFiles): Target {
  const { layer, entry } = placement;
  switch (layer) {
    case 'scenarios':
      return scenarioTarget(placement, files);
    case 'impact':
      return impactTarget(entry);
    case 'invariants':
      return {
        path: INVARIANTS_FILE,
        list: 'invariants',
        entrySchema: invariantEntrySchema,
        fileSchema: invariantsFileSchema,
        entry,
        isSame: sameId(entry),
        header: header('invariants'),
      };
    case 'incidents':
      return {
        path: INCIDENTS_FILE,
        list: 'incidents',
        entrySchema: incidentEntrySchema,
        fileSchema: incidentsFileSchema,
        entry,
        isSame: sameId(entry),
        header: header('incidents'),
      };
    default:
      return layer satisfies never;
  }
}
