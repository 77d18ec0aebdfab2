import { describe, expect, it } from 'vitest';
import { severity } from '../../events/severity.ts';

describe('severity', () => {
  it.each([
    ['MongoServerError', 'not primary'],
    ['Error', 'database is unavailable'],
    ['Error', 'Connection to db timed out'],
    ['Error', 'the request timed out while waiting for the DB'],
    ['Error', 'connect ECONNREFUSED 127.0.0.1:5432'],
    ['JsonWebTokenError', 'jwt secret or public key must be provided'],
    ['Error', 'invalid jwt'],
    ['Error', `first line of ${'x'.repeat(100)}\ndatabase\nfailed`],
  ])('critical by what it says: %s: %s', (type, message) => {
    expect(severity({ type, message, count: 1 })).toBe('critical');
  });

  it.each([
    ['TypeError', "Cannot read properties of undefined (reading 'db')"],
    ['Error', 'feedback failed'],
    ['SyntaxError', 'invalid token'],
  ])('not critical: %s: %s', (type, message) => {
    expect(severity({ type, message, count: 1 })).toBe('low');
  });

  it.each([
    [1, 'low'],
    [2, 'low'],
    [3, 'medium'],
    [9, 'medium'],
    [10, 'high'],
  ])('counted %i times: %s', (count, expected) => {
    expect(severity({ message: 'boom', count })).toBe(expected);
  });

  it('takes other patterns and counts, and names a broken one', () => {
    expect(severity({ message: 'boom', count: 2 }, { highCount: 2 })).toBe('high');
    expect(severity({ message: 'BOOM', count: 1 }, { criticalPatterns: ['boom'] })).toBe('critical');
    expect(severity({ message: 'ECONNREFUSED', count: 1 }, { criticalPatterns: [] })).toBe('low');
    expect(() => severity({ message: 'x', count: 1 }, { criticalPatterns: ['('] })).toThrow(/"\(".*regular expression/);
  });
});
