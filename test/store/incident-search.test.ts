import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replaceIncidentSearch, type SearchRow, searchIncidents } from '../../store/incident-search.ts';
import { temporaryState } from './temporary.ts';

const row = (incident: string, changes: Partial<SearchRow>): SearchRow => ({
  incident,
  error: '',
  root_cause: '',
  fix: '',
  lesson: '',
  anti_pattern: '',
  files: [],
  ...changes,
});

const ROWS = [
  row('INC-tenant', {
    error: "TypeError: Cannot read properties of undefined (reading 'tenantId')",
    root_cause: 'getTenantId trusts the header',
    files: ['src/tenant.ts'],
  }),
  row('INC-pool', {
    error: 'Error: connection refused',
    lesson: 'close every database connection',
    files: ['db/pool.py'],
  }),
  row('INC-prose', { error: 'RangeError', lesson: 'the tenant was mentioned once in passing' }),
];

describe('searching past incidents', () => {
  const database = () => {
    const opened = temporaryState();
    replaceIncidentSearch(opened, ROWS);
    return opened;
  };
  const found = (query: string, limit = 10) => searchIncidents(database(), query, limit).map((hit) => hit.incident);

  it.each([
    ['tenants', ['INC-tenant', 'INC-prose']],
    ["TypeError: x is undefined (reading 'tenantId')", ['INC-tenant', 'INC-prose']],
    ['closing connections', ['INC-pool']],
    ['pool.py', ['INC-pool']],
    ['TENANT_ID', ['INC-tenant', 'INC-prose']],
    ['nowhere', []],
    ['', []],
    ['" ( * ) : ^ -', []],
  ])('finds for %s, best first: %j', (query, expected) => {
    const incidents = found(query);
    expect(incidents.slice(0, expected.length)).toEqual(expected);
    if (expected.length === 0) expect(incidents).toEqual([]);
  });

  it('scores higher what fits better, and keeps to the limit', () => {
    const hits = searchIncidents(database(), 'tenant', 10);
    expect(hits.map((hit) => hit.score)).toEqual(hits.map((hit) => hit.score).sort((a, b) => b - a));
    expect(found('tenant', 1)).toEqual(['INC-tenant']);
  });

  it('takes any text as a query without error, and text of an incident finds it', () => {
    const opened = database();
    const syntax = fc.constantFrom(
      '"',
      "'",
      'NEAR(',
      'AND',
      'OR',
      'NOT',
      '*',
      ':',
      '^',
      '-',
      '{',
      '}',
      '\0',
      '\ud800',
      'error:',
    );
    const query = fc.array(fc.oneof(syntax, fc.string({ unit: 'binary' })), { maxLength: 200 });
    fc.assert(
      fc.property(query, (parts) => {
        expect(Array.isArray(searchIncidents(opened, parts.join(' '), 5))).toBe(true);
        const hits = searchIncidents(opened, `pool ${parts.join(' ')}`, 5);
        expect(hits.map((hit) => hit.incident)).toContain('INC-pool');
      }),
    );
  });

  it('forgets what is replaced', () => {
    const opened = database();
    replaceIncidentSearch(opened, [row('INC-new', { error: 'tenant again' })]);
    expect(searchIncidents(opened, 'tenant connection', 5).map((hit) => hit.incident)).toEqual(['INC-new']);
  });
});
