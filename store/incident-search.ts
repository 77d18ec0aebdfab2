/** Full-text search over past incidents. The table is a copy of what people's YAML says, rebuilt when that changes. */
import type { Database } from './sqlite.ts';

export interface SearchRow {
  incident: string;
  error: string;
  root_cause: string;
  fix: string;
  lesson: string;
  anti_pattern: string;
  files: string[];
}

export interface SearchHit {
  incident: string;
  /** Higher is better; comparable within one search only. */
  score: number;
}

const LONGEST_QUERY = 10_000;
const MOST_WORDS = 64;
const WORD = /[\p{L}\p{N}]+/gu;

export function replaceIncidentSearch(database: Database, rows: readonly SearchRow[]): void {
  database.tx(() => {
    database.run('DELETE FROM incident_search');
    for (const { files, ...row } of rows) {
      const texts = Object.entries(row).map(([column, text]) => [
        column,
        column === 'incident' ? text : searchable(text),
      ]);
      database.run(
        `INSERT INTO incident_search (incident, error, root_cause, fix, lesson, anti_pattern, files)
         VALUES (:incident, :error, :root_cause, :fix, :lesson, :anti_pattern, :files)`,
        { ...Object.fromEntries(texts), files: searchable(files.join(' ')) },
      );
    }
  });
}

/** Incidents that share words with the free text, best first. Any text is a valid query; one without words finds nothing. */
export function searchIncidents(database: Database, query: string, limit: number): SearchHit[] {
  const words = new Set(searchable(query.slice(0, LONGEST_QUERY)).match(WORD));
  if (words.size === 0) return [];
  const match = [...words]
    .slice(0, MOST_WORDS)
    .map((word) => `"${word}"`)
    .join(' OR ');
  // Where the words stand matters: the error and the cause say more than the prose around them.
  return database.all<SearchHit>(
    `SELECT incident, -bm25(incident_search, 0, 4, 3, 1, 2, 2, 3) AS score FROM incident_search
     WHERE incident_search MATCH ? ORDER BY score DESC, rowid LIMIT ?`,
    [match, limit],
  );
}

/** The text, and after it the parts of its camelCase names, so that `getTenantId` is found by `tenant`. */
function searchable(text: string): string {
  const words = text.match(WORD) ?? [];
  const split = words.map((word) => word.replaceAll(/(\p{Ll}|\p{N})(?=\p{Lu})/gu, '$1 '));
  return [text, ...split.filter((parts) => parts.includes(' '))].join(' ');
}
