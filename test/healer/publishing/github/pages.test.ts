import { expect, test } from 'vitest';
import { z } from 'zod';
import { list } from '../../../../healer/publishing/github/pages.ts';
import { acmeShop } from './acme-shop.ts';

const NUMBERS = {
  path: '/repos/{owner}/{repo}/pulls',
  parameters: { owner: 'acme', repo: 'shop', state: 'all' },
  answer: z.array(z.object({ number: z.number() })),
  pages: 5,
  what: 'list pull requests',
  needs: 'pull requests: read',
} as const;

test('follows the link as it is written, on the server it talks to', async () => {
  const { server, open } = await acmeShop();
  const next = 'http://internal.example/repositories/1000/pulls?head=acme:hotfix/{x}&page=2';
  const headers = { link: `<${next}>; rel="next", <${next}>; rel="last"` };
  server.fail('GET /pulls', { status: 200, body: [{ number: 1 }], headers });
  expect(await list(open(), NUMBERS)).toEqual({ status: 'ok', items: [{ number: 1 }], cut: false });
  const followed = new URL(server.requests[1]?.url ?? '');
  expect(followed.origin).toBe(server.apiUrl);
  expect(followed.searchParams.get('head')).toBe('acme:hotfix/{x}');
});

test('stops at the first item of no interest, and says when it stopped for their number', async () => {
  const { server, open } = await acmeShop();
  for (let i = 0; i < 250; i++) server.addPull();
  const until = ({ number }: { number: number }) => number <= 60;
  expect(await list(open(), { ...NUMBERS, until })).toMatchObject({ items: { length: 190 }, cut: false });
  expect(server.count('GET /pulls')).toBe(2);
  expect(await list(open(), { ...NUMBERS, pages: 2 })).toMatchObject({ items: { length: 200 }, cut: true });
  expect(await list(open(), { ...NUMBERS, pages: 3 })).toMatchObject({ items: { length: 250 }, cut: false });
});
