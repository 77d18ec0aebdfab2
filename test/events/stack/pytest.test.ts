import { describe, expect, it } from 'vitest';
import { parseStacks } from '../../../events/stack/stack.ts';
import { fixture } from '../fixtures.ts';

describe.each(['pytest-9', 'pytest-9-short'])('%s', (name) => {
  it('reads every failure, of a chain the last raised', () => {
    const failures = parseStacks(fixture(name)).map(({ type, message, frames }) => ({
      said: `${type}: ${message.replace(/\d{9,}/, 'N')}`,
      places: frames.map((frame) => `${frame.file}:${frame.line}:${frame.function}`),
    }));
    expect(failures).toEqual([
      {
        said: 'tenant.TenantError: no tenant for request N',
        places: ['tenant.py:13:handle', 'test_tenant.py:4:test_handles'],
      },
      { said: 'AssertionError: assert 3 == 4', places: ['test_tenant.py:6:test_counts'] },
      { said: "KeyError: 'session'", places: ['tenant.py:2:resolve_tenant', 'test_tenant.py:9:test_unit'] },
    ]);
  });
});
