import { expect, it } from 'vitest';
import { matches } from '../../context/path-rules.ts';

it.each<[string, string, boolean]>([
  ['**/auth/**', 'auth/login.ts', true],
  ['**/auth/**', 'src/auth/deep/login.ts', true],
  ['**/auth/**', 'src/author/login.ts', false],
  ['**/.env', '.env', true],
  ['**/.env.*', 'a/.env.local', true],
  ['src/**', 'src/.hidden/a.ts', true],
  ['src/*.ts', 'src/a/b.ts', false],
  ['src/', 'src/a/b.ts', true],
  ['./src/**', 'src/a.ts', true],
  ['app/[id]/page.tsx', 'app/[id]/page.tsx', true],
  ['!src/**', 'lib/a.ts', false],
  ['SRC/**', 'src/a.ts', false],
  ['**', 'größe mit leer/ä.ts', true],
])('%s on %s: %s', (glob, path, expected) => {
  expect(matches([glob], path)).toBe(expected);
});
