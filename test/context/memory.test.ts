import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FullTextSearch, fullTextSearch, recall, searchIncidents } from '../../context/memory.ts';
import { incidentEntrySchema, type PastIncident } from '../../context/schemas/incidents.ts';
import { type ErrorEvent, eventSchema } from '../../events/event.ts';
import type { Database } from '../../store/sqlite.ts';
import { openState } from '../../store/state-db.ts';

const past = (id: string, entry: object): PastIncident => ({
  ...incidentEntrySchema.parse({ id, ...entry }),
  origin: { path: '.self-healing/incidents.yaml', line: 1, column: 1 },
});

const incidents = [
  past('INC-aaaaaaaaaaaaaaaa', {
    date: '2026-01-01',
    error: "TypeError: Cannot read properties of undefined (reading 'tenantId')",
    files: ['src/tenant.ts'],
    root_cause: 'the lookup returns nothing for deleted tenants',
    lesson: 'check lookups',
    anti_pattern: 'catching and ignoring the lookup error',
  }),
  past('INC-bbbbbbbbbbbbbbbb', {
    date: '2026-03-01',
    error: 'TypeError: invoice.total is not a function',
    files: ['src/billing/**'],
    root_cause: 'a renamed method',
  }),
  past('INC-cccccccccccccccc', {
    error: 'ECONNREFUSED 127.0.0.1:5432',
    files: ['src/db.ts'],
    lesson: 'pool the tenant database',
  }),
  past('INC-dddddddddddddddd', {
    error: 'TypeError: a draft about tenantId',
    files: ['src/tenant.ts'],
    proposed: true,
  }),
];

const event = (extra: object): ErrorEvent =>
  eventSchema.parse({
    ...{ id: '1', source: 'log', actionable: true, severity: 'high', type: '', message: 'x', frames: [], count: 1 },
    ...{ first_seen: '', last_seen: '', received_at: '', fingerprint: '0123456789abcdef' },
    ...extra,
  });

const folder = mkdtempSync(join(tmpdir(), 'memory-'));
let database: Database;
beforeAll(() => {
  database = openState(folder);
});
afterAll(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.each([
  ['a scan', () => undefined],
  ['full-text search', () => fullTextSearch(database, incidents)],
])('searchIncidents by %s', (_, engine: () => FullTextSearch | undefined) => {
  const search = (query: string, limit?: number) => {
    const fts = engine();
    return searchIncidents(query, incidents, { ...(fts ? { fts } : {}), ...(limit ? { limit } : {}) });
  };

  it('finds by error, by the parts of a name, and by file, best first', () => {
    expect(search("reading 'tenantId'")[0]?.incident).toBe('INC-aaaaaaaaaaaaaaaa');
    expect(search('tenant').map(({ incident }) => incident)).toEqual(['INC-aaaaaaaaaaaaaaaa', 'INC-cccccccccccccccc']);
    expect(search('billing').map(({ incident }) => incident)).toEqual(['INC-bbbbbbbbbbbbbbbb']);
  });

  it('answers with what was learned, in the shape of the contract', () => {
    const [first] = search('deleted tenants lookup');
    expect(first).toEqual({
      incident: 'INC-aaaaaaaaaaaaaaaa',
      error: "TypeError: Cannot read properties of undefined (reading 'tenantId')",
      files: ['src/tenant.ts'],
      root_cause: 'the lookup returns nothing for deleted tenants',
      lesson: 'check lookups',
      anti_pattern: 'catching and ignoring the lookup error',
      score: expect.any(Number),
    });
  });

  it('keeps to the limit, leaves drafts out, and takes any text', () => {
    expect(search('TypeError tenant database', 1)).toHaveLength(1);
    expect(search('draft')).toEqual([]);
    expect(search('')).toEqual([]);
    expect(search('"; DROP TABLE x; -- (" OR *')).toEqual([]);
    expect(search(`${'x '.repeat(50_000)}tenant`)).toEqual([]);
  });
});

describe('fullTextSearch', () => {
  it('follows what people changed', () => {
    const [first] = incidents;
    const changed = first ? [{ ...first, lesson: 'zebra' }] : [];
    expect(fullTextSearch(database, changed)('zebra', 5)).toHaveLength(1);
    expect(fullTextSearch(database, incidents)('zebra', 5)).toEqual([]);
  });
});

describe('recall', () => {
  it('puts the same error before the same file before the same type', () => {
    const happened = event({ type: 'TypeError', fingerprint: 'cccccccccccccccc' });
    expect(
      recall({ event: happened, files: ['src/billing/tax.ts'] }, incidents).map(({ incident, because }) => [
        incident,
        because,
      ]),
    ).toEqual([
      ['INC-cccccccccccccccc', ['same_fingerprint']],
      ['INC-bbbbbbbbbbbbbbbb', ['same_file', 'same_error_type']],
      ['INC-aaaaaaaaaaaaaaaa', ['same_error_type']],
    ]);
  });

  it('recalls an error that is put in other words, and one that came back in a later round', () => {
    const again = past('INC-cccccccccccccccc-2', { error: 'pool exhausted' });
    const happened = event({
      type: 'Error',
      message: "undefined is not an object (evaluating 'session.tenantId')",
      fingerprint: 'cccccccccccccccc',
    });
    expect(
      recall({ event: happened }, [...incidents, again]).map(({ incident, because }) => [incident, because]),
    ).toEqual([
      ['INC-cccccccccccccccc', ['same_fingerprint']],
      ['INC-cccccccccccccccc-2', ['same_fingerprint']],
      ['INC-aaaaaaaaaaaaaaaa', ['similar_error']],
    ]);
  });

  it('recalls by files alone, and the newer of two equals first', () => {
    expect(recall({ files: ['src/tenant.ts'] }, incidents).map(({ incident }) => incident)).toEqual([
      'INC-aaaaaaaaaaaaaaaa',
    ]);
    expect(recall({ event: event({ type: 'TypeError' }) }, incidents).map(({ incident }) => incident)).toEqual([
      'INC-bbbbbbbbbbbbbbbb',
      'INC-aaaaaaaaaaaaaaaa',
    ]);
    expect(recall({}, incidents)).toEqual([]);
  });
});
