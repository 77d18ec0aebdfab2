import { homedir } from 'node:os';
import { expect, it } from 'vitest';
import { absolute, commonRoot } from '../../../hooks/replay/root.ts';

it.each([
  [['/repo/src/a.ts'], '/repo'],
  [['/repo/src/a.ts', '/repo/test/a.ts', '/etc/passwd'], '/repo'],
  [['/repo/.github/workflows/ci.yml'], '/repo'],
  [['/home/ada/shop/lib/a.rb', '/home/ada/shop/README.md', '/home/ada/.ssh/id_ed25519'], '/home/ada/shop'],
  [['/home/ada/shop/src/a.ts', '/home/ada/shop/src/b.ts', '/home/ada/notes/x.md'], '/home/ada/shop'],
  [['/Users/kim/dev/parcel/src/main/java/A.java'], '/Users/kim/dev/parcel'],
  [['/tmp/out.txt', 'src/a.ts'], '/recorded-run'],
  [[], '/recorded-run'],
])('the root of %j is %s', (paths, root) => {
  expect(commonRoot([], paths)).toBe(root);
});

it.each([
  [['/home/ada/shop', '/home/ada/shop/src'], '/home/ada/shop'],
  [['/home/ada/shop/src', '/home/ada/shop', '/tmp'], '/home/ada/shop'],
  [['/home/ada/shop', '/'], '/home/ada/shop'],
])('a run that stood in %j worked in %s', (folders, root) => {
  expect(commonRoot(folders, ['/elsewhere/src/a.ts'])).toBe(root);
});

it('reads ~ as the home folder', () => {
  expect(absolute('~/.ssh/config', '/repo')).toBe(`${homedir()}/.ssh/config`);
  expect(absolute('~draft.md', '/repo')).toBe('/repo/~draft.md');
  expect(absolute('src/../../etc/x', '/repo')).toBe('/etc/x');
});
