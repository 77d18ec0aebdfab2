import { describe, expect, it } from 'vitest';
import { looksExpected } from '../../../healer/intake/expected.ts';

describe('what a program is meant to do', () => {
  it.each([
    ['ForbiddenError', 'user 17 may not read order 4711', 'a denied request'],
    ['django.core.exceptions.PermissionDenied', 'no', 'a denied request'],
    ['HTTP 403', 'GET /admin answered 403', 'a denied request'],
    ['', 'login of [email] failed: invalid password', 'a denied request'],
    ['ZodError', 'name: Required', 'a mistake of a user'],
    ['', 'validation failed: age must be a number', 'a mistake of a user'],
    ['HTTP 404', 'GET /favicon.ico answered 404', 'a mistake of a user'],
  ])('%s: %s', (type, message, kind) => {
    const found = looksExpected({ type, message });
    expect(found?.kind).toBe(kind);
    expect(new RegExp(found?.filter ?? '^$', 'is').test(type ? `${type}: ${message}` : message)).toBe(true);
  });

  it.each([
    ['TypeError', "Cannot read properties of undefined (reading 'tenantId')"],
    ['Error', "EACCES: permission denied, open '/data/orders.db'"],
    ['ModuleNotFoundError', "No module named 'shop'"],
    ['FileNotFoundError', "[Errno 2] No such file or directory: 'a'"],
    ['ClassNotFoundException', 'com.shop.Order'],
    ['HTTP 500', 'GET /orders answered 500'],
  ])('is not what a bug says: %s: %s', (type, message) => {
    expect(looksExpected({ type, message })).toBeUndefined();
  });

  it('comes with a filter for the next one of its kind, and for no other', () => {
    const { filter = '' } =
      looksExpected({ type: 'ForbiddenError', message: 'user 17 may not read order (4711)' }) ?? {};
    expect(new RegExp(filter, 'is').test('ForbiddenError: user 8 may not read order (12)')).toBe(true);
    expect(new RegExp(filter, 'is').test('ForbiddenError: user 8 may not pay')).toBe(false);
  });
});
