/**
 * What a fix adds to the living context, held against the base's law: entries may only be added. Nothing of the base
 * may be changed, removed, lowered or shadowed, and the config not at all.
 */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { matches } from '../path-rules.ts';
import type { Origin } from '../schemas/fields.ts';
import { type Edge, RISK_LEVELS, type Risk } from '../schemas/impact-map.ts';
import type { PastIncident } from '../schemas/incidents.ts';
import type { Invariant } from '../schemas/invariants.ts';
import type { Scenario } from '../schemas/scenarios.ts';
import { composeLaw, type Layers } from './compose.ts';
import { CONFIG_FILE, isLawFile } from './files.ts';

export interface Violation {
  code:
    | 'context.config_changed'
    | 'context.entry_changed'
    | 'context.entry_removed'
    | 'context.risk_lowered'
    | 'context.edge_shadowed'
    | 'context.invalid';
  message: string;
  file: string;
  line: number;
}

export interface Additions {
  added: {
    scenarios: Scenario[];
    invariants: Invariant[];
    incidents: PastIncident[];
    edges: Edge[];
    risk: Risk[];
  };
  violations: Violation[];
}

/** The fix's side: the paths of its tree (others than law files are ignored) and their bytes. */
export interface FixFiles {
  paths: readonly string[];
  read(path: string): Promise<Buffer | string | undefined>;
}

/** The base's side. With a law that is not in the base commit, its files are not in the fix's tree either. */
export interface BaseLaw extends Layers {
  source: 'commit' | 'working_copy' | 'defaults';
}

type Entry = { origin: Origin };

function sameEntry(a: Entry, b: Entry): boolean {
  return isDeepStrictEqual({ ...a, origin: undefined }, { ...b, origin: undefined });
}

function violation(code: Violation['code'], { path, line }: Origin, message: string): Violation {
  return { code, message, file: path, line };
}

interface Comparison<E extends Entry> {
  added: E[];
  violations: Violation[];
}

/** Entries by key: equal ones stay, unknown ones are added, others were changed; missing ones were removed. */
function compare<E extends Entry>(
  base: readonly E[],
  fix: readonly E[],
  inTree: boolean,
  keyOf: (entry: E) => string,
  nameOf: (entry: E) => string,
): Comparison<E> {
  const before = new Map<string, E[]>();
  for (const entry of base) before.set(keyOf(entry), [...(before.get(keyOf(entry)) ?? []), entry]);
  const result: Comparison<E> = { added: [], violations: [] };
  const kept = new Set<E>();
  for (const entry of fix) {
    const known = before.get(keyOf(entry));
    if (!known) {
      result.added.push(entry);
      continue;
    }
    const same = known.find((candidate) => !kept.has(candidate) && sameEntry(candidate, entry));
    if (same) kept.add(same);
    else {
      for (const candidate of known) kept.add(candidate);
      const message = `${nameOf(entry)} is in the base already and may not be changed or used again during a fix.`;
      result.violations.push(violation('context.entry_changed', entry.origin, message));
    }
  }
  if (!inTree) return result;
  for (const entry of base) {
    if (kept.has(entry)) continue;
    const message = `${nameOf(entry)} was removed; during a fix entries may only be added.`;
    result.violations.push(violation('context.entry_removed', entry.origin, message));
  }
  return result;
}

/** Two lists of globs that surely meet: a glob in both, or one that matches the other as a path. */
function overlap(a: readonly string[], b: readonly string[]): boolean {
  return a.some((glob) => matches(b, glob) || b.some((other) => matches([glob], other)));
}

function loweredRisks(added: readonly Risk[], base: readonly Risk[]): Violation[] {
  return added.flatMap((risk) => {
    const level = RISK_LEVELS.indexOf(risk.level);
    const higher = base.find((known) => RISK_LEVELS.indexOf(known.level) > level && overlap(known.files, risk.files));
    if (!higher) return [];
    const message = `Risk ${risk.level} for ${risk.files.join(', ')} lowers the base's ${higher.level} for ${higher.files.join(', ')}.`;
    return [violation('context.risk_lowered', risk.origin, message)];
  });
}

function changedConfig(base: BaseLaw, config: Buffer | undefined, inTree: boolean): Violation[] {
  if (config === undefined && !inTree) return [];
  const digest = config === undefined ? undefined : createHash('sha256').update(config).digest('hex');
  if (digest === base.files[CONFIG_FILE]) return [];
  const message = `${CONFIG_FILE} differs from the base; a fix may not change the config it is judged by.`;
  return [{ code: 'context.config_changed', message, file: CONFIG_FILE, line: 1 }];
}

/** Compares the law files of a fix with the base's law. Files that do not parse are violations. */
export async function readAdditions(base: BaseLaw, fix: FixFiles): Promise<Additions> {
  const inTree = base.source === 'commit';
  const files = new Map<string, Buffer>();
  for (const path of fix.paths.filter(isLawFile).toSorted()) {
    const content = await fix.read(path);
    if (content !== undefined) files.set(path, Buffer.from(content));
  }
  const { scenarios, invariants, incidents, impactMap, problems } = composeLaw(files);
  const broken = new Set(problems.map(({ file }) => file));
  /** Entries of a file that does not parse were not removed; the file is broken, and said to be. */
  const readable = <E extends Entry>(entries: readonly E[]) => entries.filter(({ origin }) => !broken.has(origin.path));

  const compared = {
    scenarios: compare(readable(base.scenarios), scenarios, inTree, byId, (s) => `Scenario ${s.id}`),
    invariants: compare(readable(base.invariants), invariants, inTree, byId, (i) => `Invariant ${i.id}`),
    incidents: compare(readable(base.incidents), incidents, inTree, byId, (i) => `Incident ${i.id}`),
    risk: compare(
      readable(base.impactMap.risk),
      impactMap.risk,
      inTree,
      byContent,
      (r) => `The risk of ${r.files.join(', ')}`,
    ),
    edges: compare(readable(base.impactMap.edges), impactMap.edges, inTree, byEnds, (e) => `The edge ${byEnds(e)}`),
  };
  const shadowed = compared.edges.violations.map((found) =>
    found.code === 'context.entry_changed' ? { ...found, code: 'context.edge_shadowed' as const } : found,
  );
  return {
    added: {
      scenarios: compared.scenarios.added,
      invariants: compared.invariants.added,
      incidents: compared.incidents.added,
      edges: compared.edges.added,
      risk: compared.risk.added,
    },
    violations: [
      ...changedConfig(base, files.get(CONFIG_FILE), inTree),
      ...problems.map(({ file, line, column, message }) => ({
        code: 'context.invalid' as const,
        message: `${file}:${line}:${column}: ${message}`,
        file,
        line,
      })),
      ...compared.scenarios.violations,
      ...compared.invariants.violations,
      ...compared.incidents.violations,
      ...compared.risk.violations,
      ...shadowed,
      ...loweredRisks(compared.risk.added, base.impactMap.risk),
    ],
  };
}

const byId = ({ id }: { id: string }) => id;
const byEnds = ({ from, to }: Edge) => `${from} → ${to}`;
const byContent = ({ origin: _, ...risk }: Risk) => JSON.stringify(risk);
