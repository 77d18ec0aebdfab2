import { expect, it } from 'vitest';
import { anyLink, ciLink, slackLink } from '../../../events/chat/links.ts';

it('finds runs, jobs, messages, and anything else', () => {
  const run = 'https://github.com/acme/shop/actions/runs/12';
  expect(ciLink(`see ${run}`)).toEqual({ repository: 'acme/shop', run: 12, job: undefined });
  expect(ciLink(`${run}/attempts/2`)).toMatchObject({ run: 12, job: undefined });
  expect(ciLink(`${run}/job/34?pr=5`)).toEqual({ repository: 'acme/shop', run: 12, job: 34 });
  expect(ciLink('https://github.com/acme/shop/pull/5')).toBe(undefined);
  expect(slackLink('https://acme.slack.com/archives/C012ABC/p1700000000123456?thread_ts=1')).toEqual({
    channel: 'C012ABC',
    ts: '1700000000.123456',
  });
  expect(slackLink('https://acme.example.com/archives/C012ABC/p1700000000123456')).toBe(undefined);
  expect(anyLink('at (https://x.example/1) now')).toBe('https://x.example/1');
  expect(anyLink('no link')).toBe(undefined);
});
