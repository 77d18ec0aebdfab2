/**
 * The incident memory: past incidents found by free text (full-text search where there is a database, else a scan), and
 * recalled for an error or for files. People's YAML is the truth; the search table is a copy of it.
 */
import { createHash } from 'node:crypto';
import { type ErrorEvent, incidentId } from '../events/event.ts';
import { openCache } from '../store/cache.ts';
import { replaceIncidentSearch, type SearchRow, searchIncidents as searchDatabase } from '../store/incident-search.ts';
import type { Database } from '../store/sqlite.ts';
import { inForce } from './law/compose.ts';
import { ALIKE, likeness } from './memory/likeness.ts';
import { matches } from './path-rules.ts';
import { isAbout, type PastIncident } from './schemas/incidents.ts';

export interface FoundIncident {
  incident: string;
  error: string;
  files: string[];
  root_cause: string;
  lesson: string;
  /** Its description; empty when none was written down. */
  anti_pattern: string;
  /** Higher is better; comparable within one search only. */
  score: number;
}

/** Ids of incidents that share words with a text, best first. */
export type FullTextSearch = (query: string, limit: number) => Array<{ incident: string; score: number }>;

const LONGEST_QUERY = 10_000;
const WORD = /[\p{L}\p{N}]+/gu;
/** The error and its cause say more than the prose around them. */
const WEIGHTS = { error: 4, root_cause: 3, files: 3, lesson: 2, anti_pattern: 2, fix: 1 } as const;

/** Past incidents in force that have something in common with the text, best first. */
export function searchIncidents(
  query: string,
  incidents: readonly PastIncident[],
  { limit = 10, fts }: { limit?: number; fts?: FullTextSearch } = {},
): FoundIncident[] {
  const known = new Map(incidents.filter(inForce).map((incident) => [incident.id, incident]));
  const hits = fts ? fts(query, limit + incidents.length - known.size) : scan(query, [...known.values()]);
  return hits
    .flatMap(({ incident, score }) => {
      const entry = known.get(incident);
      return entry ? [{ ...brief(entry), score }] : [];
    })
    .slice(0, limit);
}

/** The database's full-text search over these incidents; its table is written anew only when they changed. */
export function fullTextSearch(database: Database, incidents: readonly PastIncident[]): FullTextSearch {
  const rows = incidents.map(searchRow);
  const digest = createHash('sha256').update(JSON.stringify(rows)).digest('hex');
  const cache = openCache(database, 'incident_search');
  if (cache.get('digest') !== digest) {
    replaceIncidentSearch(database, rows);
    cache.set('digest', digest);
  }
  return (query, limit) => searchDatabase(database, query, limit);
}

export interface RecalledIncident extends FoundIncident {
  /** What it has in common with the error or the files. */
  because: Array<'same_fingerprint' | 'same_file' | 'similar_error' | 'same_error_type'>;
}

/** Past incidents that concern an error or files: the same error first, then the same files, a similar message, the same type. */
export function recall(
  { event, files = [] }: { event?: ErrorEvent | undefined; files?: readonly string[] },
  incidents: readonly PastIncident[],
): RecalledIncident[] {
  const recalled = incidents.filter(inForce).map((incident): RecalledIncident => {
    const because: RecalledIncident['because'] = [];
    if (event && isAbout(incident.id, incidentId(event.fingerprint))) because.push('same_fingerprint');
    const shared = files.filter((path) => matches(incident.files, path)).length;
    if (shared > 0) because.push('same_file');
    const alike = event ? likeness(event.message, messageOf(incident.error)) : 0;
    if (alike >= ALIKE) because.push('similar_error');
    if (event && event.type !== '' && typeOf(incident.error) === event.type) because.push('same_error_type');
    const score =
      (because.includes('same_fingerprint') ? 100 : 0) +
      10 * shared +
      (alike >= ALIKE ? 5 * alike : 0) +
      (because.includes('same_error_type') ? 1 : 0);
    return { ...brief(incident), score, because };
  });
  const dates = new Map(incidents.map((incident) => [incident.id, incident.date ?? '']));
  const newer = (a: string, b: string) => (dates.get(b) ?? '').localeCompare(dates.get(a) ?? '');
  return recalled
    .filter(({ because }) => because.length > 0)
    .sort((a, b) => b.score - a.score || newer(a.incident, b.incident) || (a.incident < b.incident ? -1 : 1));
}

function brief(incident: PastIncident): Omit<FoundIncident, 'score'> {
  const { id, error, files, root_cause, lesson, anti_pattern } = incident;
  return { incident: id, error, files, root_cause, lesson, anti_pattern: anti_pattern?.description ?? '' };
}

function searchRow(incident: PastIncident): SearchRow {
  return { ...brief(incident), fix: incident.fix };
}

const TYPE = /^\s*([A-Za-z_$][\w$.]*):\s/;

/** `TypeError: x is not a function` → `TypeError` */
function typeOf(error: string): string | undefined {
  return TYPE.exec(error)?.[1];
}

/** `TypeError: x is not a function` → `x is not a function` */
function messageOf(error: string): string {
  return error.replace(TYPE, '');
}

/** The share of the query's words that an incident holds, by the weight of the places where they stand. */
function scan(query: string, incidents: readonly PastIncident[]): Array<{ incident: string; score: number }> {
  const wanted = wordsOf(query.slice(0, LONGEST_QUERY));
  if (wanted.size === 0) return [];
  const hits = incidents.map((incident) => {
    const row = searchRow(incident);
    let score = 0;
    for (const [column, weight] of Object.entries(WEIGHTS)) {
      const words = wordsOf([row[column as keyof typeof WEIGHTS]].flat().join(' '));
      for (const word of wanted) if (words.has(word)) score += weight;
    }
    return { incident: incident.id, score: score / wanted.size };
  });
  return hits.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score || (a.incident < b.incident ? -1 : 1));
}

/** Lower-case words, and the parts of camelCase names: `getTenantId` is found by `tenant`. */
function wordsOf(text: string): Set<string> {
  const whole = text.match(WORD) ?? [];
  const parts = whole.flatMap((word) => word.split(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})/u));
  return new Set([...whole, ...parts].map((word) => word.toLowerCase()));
}
