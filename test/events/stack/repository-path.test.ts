import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanPath, toRepositoryPath } from '../../../events/stack/repository-path.ts';

const files = new Set(['src/cart.ts', 'index.js', 'packages/api/src/cart.ts']);
const known = (path: string) => files.has(path);

describe('toRepositoryPath', () => {
  it.each([
    ['below the root', '/work tree/src/cart.ts', { root: '/work tree' }, 'src/cart.ts'],
    ['below a deploy prefix', '/srv/shop/src/cart.ts', { strip: ['/opt', '/srv/shop/'] }, 'src/cart.ts'],
    ['a prefix ends at a folder', '/srv/shopping/src/cart.ts', { strip: ['/srv/shop'] }, undefined],
    ['relative already', './src/../src/cart.ts', {}, 'src/cart.ts'],
    ['a URL', 'file:///srv/a%20b/src/cart.ts', { strip: ['/srv/a b'] }, 'src/cart.ts'],
    ['Windows', 'C:\\shop\\src\\cart.ts', { strip: ['C:\\shop'] }, 'src/cart.ts'],
    ['a bundler', 'webpack-internal:///(rsc)/./src/cart.ts?v=1', {}, 'src/cart.ts'],
    ['longest known suffix', '/app/packages/api/src/cart.ts', { known }, 'packages/api/src/cart.ts'],
    ['shorter known suffix', '/app/build/src/cart.ts', { known }, 'src/cart.ts'],
    ['a prefix that leads nowhere', '/srv/shop/current/src/cart.ts', { strip: ['/srv/shop'], known }, 'src/cart.ts'],
    ['known to nobody', '/app/src/other.ts', { known }, undefined],
    ['absolute without help', '/app/src/cart.ts', {}, undefined],
    ['escaping', '../../etc/passwd', {}, undefined],
    ['escaping below a prefix', '/srv/shop/../../etc/passwd', { strip: ['/srv/shop'] }, undefined],
    ['the runtime', 'node:internal/x', { known: () => true }, undefined],
    ['no file at all', '<anonymous>', { known: () => true }, undefined],
  ])('%s', (_case, file, options, expected) => {
    expect(toRepositoryPath(file, options)).toBe(expected);
  });

  it('never leaves the repository, and returns only what is known', () => {
    const part = fc.constantFrom('..', '.', '', 'src', 'cart.ts', 'C:', '\\', 'file://', '/', '\0', '%2e%2e', '?x');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), fc.boolean(), (parts, ask) => {
        const path = toRepositoryPath(parts.join('/'), { root: '/src', ...(ask ? { known } : {}) });
        if (path === undefined) return;
        expect(path.split('/')).not.toContain('..');
        expect(path.startsWith('/')).toBe(false);
        if (ask) expect(known(path)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

it('cleanPath leaves ordinary paths alone', () => {
  expect(cleanPath('/srv/shop/src/[id]/page.tsx')).toBe('/srv/shop/src/[id]/page.tsx');
});

it('finds the one file that ends with a path of a package, and none for a bare name', () => {
  const files = ['services/cart/src/main/java/com/shop/Price.java', 'a/x/index.js', 'b/x/index.js'];
  const options = {
    known: (path: string) => files.includes(path),
    ending: (path: string) => {
      const [found, ...others] = files.filter((file) => file.endsWith(`/${path}`));
      return others.length === 0 ? found : undefined;
    },
  };
  expect(toRepositoryPath('com/shop/Price.java', options)).toBe(files[0]);
  expect(toRepositoryPath('app:///com/shop/Price.java', options)).toBeUndefined();
  expect(toRepositoryPath('x/index.js', options)).toBeUndefined();
  expect(toRepositoryPath('Price.java', options)).toBeUndefined();
});
