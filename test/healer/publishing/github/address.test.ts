import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAddress } from '../../../../healer/publishing/github/address.ts';

const shop = { host: 'github.com', owner: 'acme', name: 'shop' };

test.each([
  'https://github.com/acme/shop.git',
  'https://github.com/acme/shop',
  'https://GitHub.com/acme/shop/',
  'https://ada:secret@github.com:443/acme/shop.git',
  'https://x-access-token:ghs_abc@github.com/acme/shop',
  'http://www.github.com/acme/shop.git',
  'git@github.com:acme/shop.git',
  'git@github.com:/acme/shop',
  'github.com:acme/shop.git',
  'ssh://git@github.com/acme/shop.git',
  'ssh://git@github.com:22/acme/shop.git',
  'ssh://git@ssh.github.com:443/acme/shop.git',
  '[git@ssh.github.com:443]:acme/shop.git',
  'git+ssh://git@github.com/acme/shop',
  'git://github.com/acme/shop.git\n',
])('%s is github.com', (address) => {
  expect(parseAddress(address)).toEqual(shop);
});

test.each([
  ['https://git.corp.example:8443/acme/shop.git', 'git.corp.example:8443'],
  ['ssh://git@git.corp.example:7999/acme/shop.git', 'git.corp.example'],
  ['http://127.0.0.1:3000/acme/shop', '127.0.0.1:3000'],
])('%s keeps the port of a web address only', (address, host) => {
  expect(parseAddress(address)).toEqual({ ...shop, host });
});

test.each([
  '',
  '/srv/git/acme/shop.git',
  '../acme/shop',
  'file:///srv/acme/shop.git',
  'C:\\acme\\shop',
  'C:/acme/shop',
  'https://gitlab.com/group/subgroup/shop.git',
  'https://github.com/acme',
  'https://github.com/acme/..',
  'https://github.com/acme/shop/tree/main',
  'https://evil.example/https://github.com/acme/shop',
  'ext::sh -c acme/shop',
])('%s names no repository of a forge', (address) => {
  expect(parseAddress(address)).toBeUndefined();
});

test('every spelling of a repository means the same, and nothing throws', () => {
  const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9-]{0,20}$/);
  const named = fc.record({ owner: word, name: fc.stringMatching(/^[A-Za-z0-9][\w.-]{0,20}$/) });
  fc.assert(
    fc.property(named, ({ owner, name }) => {
      const bare = name.replace(/\.git$/, '');
      for (const start of ['https://github.com/', 'git@github.com:', 'ssh://git@github.com/'])
        for (const end of ['.git', '.git/'])
          expect(parseAddress(`${start}${owner}/${bare}${end}`)).toEqual({ host: 'github.com', owner, name: bare });
    }),
  );
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      const found = parseAddress(text);
      if (found !== undefined) expect(`${found.owner}/${found.name}`).toMatch(/^[\w-]+\/[\w.-]+$/);
    }),
  );
});
