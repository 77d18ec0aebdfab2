/**
 * `context import`: another tool's living context becomes entries of ours, each with a comment that says where it comes
 * from. Ids are kept; one that another entry has already is told and gets its module in front. Run again it adds nothing,
 * and what people wrote or changed since stays.
 */
import { isDeepStrictEqual } from 'node:util';
import { addOrUpdateEntry } from '../context/edit.ts';
import { buildGraph, type Graph } from '../context/impact/graph.ts';
import { folderSources } from '../context/impact/sources.ts';
import { type ImportedEntry, importBkit } from '../context/import/bkit.ts';
import { bkitFiles } from '../context/import/bkit-files.ts';
import type { Law } from '../context/law.ts';
import { incidentEntrySchema } from '../context/schemas/incidents.ts';
import { invariantEntrySchema } from '../context/schemas/invariants.ts';
import { BUILT_IN_SCENARIO, scenarioEntrySchema } from '../context/schemas/scenarios.ts';
import { ConfigurationError, UserError } from '../events/errors.ts';
import { requireEditable } from './incidents/editable-context.ts';
import type { Workbench } from './workbench.ts';

export interface ContextImport {
  /** False: this is what would be written. */
  written: boolean;
  entries: { layer: ImportedEntry['layer']; id: string; file: string; line: number; from: string; was?: string }[];
  /** There already, with the same content. */
  kept: string[];
  /** The id is taken by an entry that says something else, or the entry is not valid here. */
  conflicts: { what: string; why: string }[];
  left_out: { what: string; why: string }[];
}

/** Throws UserError where there is nothing to import or the context may not be written now. */
export async function importContext(
  bench: Workbench,
  folder: string,
  { write }: { write: boolean },
): Promise<ContextImport> {
  const law = await requireEditable(bench);
  const files = await bkitFiles(folder);
  if (files.length === 0)
    throw new UserError(
      `No living context of bkit is in ${folder}.`,
      'Give the repository, its .bkit folder, or docs/02-design/scenarios.',
      'not_found',
    );
  const { entries, leftOut } = importBkit(files);
  const { root } = bench.repository;
  const graph = buildGraph({ ...(await folderSources(root)), edges: law.impactMap.edges });
  const result: ContextImport = { written: write, entries: [], kept: [], conflicts: [], left_out: [...leftOut] };
  const taken: Taken = known(law);
  for (const imported of entries) {
    const placed = place(imported, taken, graph);
    switch (placed.status) {
      case 'kept':
        result.kept.push(imported.from);
        break;
      case 'conflict':
        result.conflicts.push({ what: imported.from, why: placed.why });
        break;
      case 'computed':
        break;
      case 'new':
        await add(placed, imported);
        break;
      default:
        placed satisfies never;
    }
  }
  return result;

  async function add({ entry, id, was }: Extract<Placed, { status: 'new' }>, imported: ImportedEntry): Promise<void> {
    const { layer, module, files: globs, comment, from } = imported;
    const lines = [...comment, ...(was === undefined ? [] : [`Its id there is ${was}, which another entry has here.`])];
    const about = { module, files: globs };
    try {
      const edit = { folder: root, layer, entry, write, ...(layer === 'scenarios' ? about : {}) };
      const { path, line } = await addOrUpdateEntry({
        ...edit,
        ...(lines.length > 0 ? { comment: lines.join('\n') } : {}),
      });
      taken.set(keyOf(layer, id), { module, entry: layer === 'impact' ? entry : Object(SCHEMAS[layer].parse(entry)) });
      result.entries.push({ layer, id, file: path, line, from, ...(was === undefined ? {} : { was }) });
    } catch (error) {
      if (!(error instanceof UserError || error instanceof ConfigurationError)) throw error;
      result.conflicts.push({ what: from, why: error.message.replace(/\s+/g, ' ') });
    }
  }
}

type Taken = Map<string, { module: string | undefined; entry: object }>;
type Placed =
  | { status: 'new'; id: string; entry: Record<string, unknown>; was?: string }
  | { status: 'kept' }
  /** Our own graph has it. */
  | { status: 'computed' }
  | { status: 'conflict'; why: string };

const keyOf = (layer: ImportedEntry['layer'], id: string) => `${layer} ${id}`;

function known({ scenarios, invariants, incidents, impactMap }: Law): Taken {
  const taken: Taken = new Map();
  for (const entry of scenarios) taken.set(keyOf('scenarios', entry.id), { module: entry.module, entry });
  for (const entry of invariants) taken.set(keyOf('invariants', entry.id), { module: undefined, entry });
  for (const entry of incidents) taken.set(keyOf('incidents', entry.id), { module: undefined, entry });
  for (const entry of impactMap.edges) taken.set(keyOf('impact', ends(entry)), { module: undefined, entry });
  return taken;
}

const ends = ({ from, to }: { from: string; to: string }) => `${from} → ${to}`;

const SCHEMAS = { scenarios: scenarioEntrySchema, invariants: invariantEntrySchema, incidents: incidentEntrySchema };

function place({ layer, entry, module }: ImportedEntry, taken: Taken, graph: Graph): Placed {
  if (layer === 'impact') {
    const edge = entry as { from: string; to: string };
    if (taken.has(keyOf(layer, ends(edge)))) return { status: 'kept' };
    return graph.importsOf(edge.from).includes(edge.to)
      ? { status: 'computed' }
      : { status: 'new', id: ends(edge), entry };
  }
  const was = String(entry.id);
  // bkit counts scenarios in each file from S001 on; here an id is one of all files.
  const candidates = layer === 'scenarios' ? [was, `${module ?? 'bkit'}-${was}`] : [was];
  for (const id of candidates) {
    if (id === BUILT_IN_SCENARIO) continue;
    const holder = taken.get(keyOf(layer, id));
    const wanted = { ...entry, id };
    if (holder === undefined) return { status: 'new', id, entry: wanted, ...(id === was ? {} : { was }) };
    if (layer === 'scenarios' && holder.module !== module) continue;
    return same(layer, holder.entry, wanted)
      ? { status: 'kept' }
      : { status: 'conflict', why: `${id} is there already and says something else; it stays as it is` };
  }
  return { status: 'conflict', why: `${candidates.join(' and ')} are taken by other entries` };
}

/** What both say, defaults filled in; where an entry stands and what its file is about belong to neither. */
function same(layer: keyof typeof SCHEMAS, known: object, wanted: object): boolean {
  const shown = (value: object) => {
    const own = Object.entries(JSON.parse(JSON.stringify(value))).filter(([key]) => !ASIDE.includes(key));
    return layer === 'scenarios' ? own.filter(([key]) => key !== 'files') : own;
  };
  const parsed = SCHEMAS[layer].safeParse(wanted);
  return parsed.success && isDeepStrictEqual(Object.fromEntries(shown(known)), Object.fromEntries(shown(parsed.data)));
}

const ASIDE = ['origin', 'module'];
