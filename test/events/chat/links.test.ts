import { expect, it } from 'vitest';
import { anyLink, ciLink, sentryLinks, slackLink } from '../../../events/chat/links.ts';

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

it('finds an issue of Sentry in every form of its address', () => {
  const issue = { organization: 'acme', issue: '4509', event: undefined };
  const event = 'e4874d664c3540c1a32eab185f12c5ab';
  expect(sentryLinks('look https://acme.sentry.io/issues/4509/?project=7&query=is%3Aunresolved')).toEqual([
    { origin: 'https://acme.sentry.io', ...issue },
  ]);
  expect(sentryLinks(`<https://sentry.io/organizations/acme/issues/4509/events/${event}/|this>`)).toEqual([
    { origin: 'https://sentry.io', ...issue, event },
  ]);
  expect(sentryLinks('http://sentry.internal:9000/acme/shop/issues/4509/')).toEqual([
    { origin: 'http://sentry.internal:9000', ...issue },
  ]);
  expect(sentryLinks('https://sentry.internal/issues/4509')).toMatchObject([
    { organization: undefined, issue: '4509' },
  ]);
  expect(
    sentryLinks('https://github.com/acme/shop/issues/12 https://acme.sentry.io/issues/4509/').map(({ issue }) => issue),
  ).toEqual(['12', '4509']);
  for (const other of ['https://acme.sentry.io/issues/', 'https://acme.sentry.io/issues/?query=4509', 'issues/4509'])
    expect(sentryLinks(other)).toEqual([]);
});
