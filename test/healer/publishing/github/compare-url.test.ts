import { expect, test } from 'vitest';
import { compareUrl } from '../../../../healer/publishing/github/compare-url.ts';

test('opens the form for a pull request, with names that need escaping', () => {
  const where = { owner: 'acme', name: 'shop', apiUrl: 'https://api.github.com', webUrl: 'https://github.com' };
  expect(compareUrl(where, 'release/1.0', 'hotfix/auto-1#2?')).toBe(
    'https://github.com/acme/shop/compare/release/1.0...hotfix/auto-1%232%3F?expand=1',
  );
});
