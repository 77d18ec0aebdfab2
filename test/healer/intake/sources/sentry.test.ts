import { describe, expect, it } from 'vitest';
import { post, SECRETS, served } from '../serving.ts';
import { sourceContract } from '../source.contract.ts';
import { signedBySentry } from './sentry-headers.ts';

let told = 0;
function fresh(): string {
  const event_id = (++told).toString(16).padStart(32, 'a');
  const frame = { abs_path: '/srv/shop/src/price.js', filename: 'src/price.js', lineno: 1, in_app: true };
  const exception = {
    type: 'TypeError',
    value: `marker-of-the-body ${'x'.repeat(told)}`,
    stacktrace: { frames: [frame] },
  };
  return JSON.stringify({
    action: 'triggered',
    data: {
      event: { event_id, level: 'error', exception: { values: [exception] } },
      triggered_rule: 'self-healing: new issue',
    },
    installation: { uuid: 'a8e5d37a-696c-4c54-adb5-b3f28d64c7de' },
  });
}

sourceContract({
  name: 'sentry',
  variable: 'SENTRY_CLIENT_SECRET',
  or: ['SENTRY_INTERNAL_TOKEN'],
  fresh,
  strange: '{"action":"triggered","data":{"event":"none"}}',
  sign: signedBySentry,
});

describe('a webhook of Sentry', () => {
  it('is proven by X-Sentry-Token too, and by nothing else', async () => {
    const serving = await served();
    const send = (headers: Record<string, string>) => post(serving, '/intake/sentry', fresh(), headers);
    expect(await send({ 'x-sentry-token': SECRETS.SENTRY_INTERNAL_TOKEN })).toMatchObject({ status: 202 });
    for (const headers of [
      { 'x-sentry-token': SECRETS.SENTRY_CLIENT_SECRET },
      { 'x-sentry-token': '' },
      { authorization: `Bearer ${SECRETS.SENTRY_INTERNAL_TOKEN}` },
      signedBySentry(fresh(), SECRETS.SENTRY_CLIENT_SECRET),
    ])
      expect(await send(headers)).toMatchObject({ status: 401 });
  });

  it('needs only the secret that is set', async () => {
    const serving = await served({ env: { SENTRY_INTERNAL_TOKEN: 'only-this-one' } });
    const body = fresh();
    expect(await post(serving, '/intake/sentry', body, { 'x-sentry-token': 'only-this-one' })).toMatchObject({
      status: 202,
    });
    expect(await post(serving, '/intake/sentry', body, signedBySentry(body, ''))).toMatchObject({ status: 401 });
  });

  it('is one delivery under its Request-ID, and its event is one whichever rule tells of it', async () => {
    const serving = await served();
    const send = (body: string, id: string) =>
      post(serving, '/intake/sentry', body, {
        ...signedBySentry(body, SECRETS.SENTRY_CLIENT_SECRET),
        'request-id': id,
      });
    const [one, other] = [fresh(), fresh()];
    expect(await send(one, 'r-1')).toMatchObject({ body: { duplicate: false, events: 1 } });
    expect(await send(other, 'r-1')).toMatchObject({ status: 202, body: { duplicate: true, events: 0 } });
    expect(await send(one.replace('new issue', 'frequency'), 'r-2')).toMatchObject({ body: { duplicate: true } });
  });

  it('of a project that the config does not name is left alone', async () => {
    const config = 'version: "1.0"\nsources: { sentry: { projects: [shop, "4711"] } }\n';
    const serving = await served({ config });
    const send = (slug: string) => {
      const url = `https://sentry.io/api/0/projects/test-org/${slug}/events/e/`;
      const body = fresh().replace('"level"', `"url":${JSON.stringify(url)},"level"`);
      return post(serving, '/intake/sentry', body, signedBySentry(body, SECRETS.SENTRY_CLIENT_SECRET));
    };
    expect(await send('shop')).toMatchObject({ body: { events: 1 } });
    expect(await send('other')).toMatchObject({
      status: 202,
      body: { events: 0, left_out: [expect.stringContaining('sources.sentry.projects')] },
    });
  });

  it('of a single error, of which no rule tells, says by what is known here why it matters', async () => {
    const serving = await served();
    const body = fresh().replace('"event":', '"error":');
    const headers = signedBySentry(body, SECRETS.SENTRY_CLIENT_SECRET, 'error');
    const sent = await post(serving, '/intake/sentry', body, headers);
    const [incident] = sent.body.incidents as string[];
    expect((await serving.bench.incidents.get(incident ?? ''))?.event).toMatchObject({ trigger: 'new_issue' });
  });

  it('of an installation is answered, and starts nothing', async () => {
    const serving = await served();
    const body = JSON.stringify({ action: 'created', data: { installation: { status: 'pending', uuid: 'u' } } });
    const headers = signedBySentry(body, SECRETS.SENTRY_CLIENT_SECRET, 'installation');
    expect(await post(serving, '/intake/sentry', body, headers)).toMatchObject({
      status: 202,
      body: { events: 0, incidents: [], left_out: [expect.stringContaining('installation')] },
    });
  });

  it('of an issue and those of its events are one incident, whichever comes first', async () => {
    const issue = (id: string, lastSeen: string) => ({
      resource: 'issue',
      body: JSON.stringify({
        action: 'unresolved',
        data: {
          issue: {
            id,
            lastSeen,
            substatus: 'regressed',
            count: '12',
            userCount: 7,
            metadata: { type: 'TypeError', value: `gone ${id}` },
          },
        },
      }),
    });
    const event = (id: string) => ({
      resource: 'event_alert',
      body: fresh().replace(
        '"level"',
        `"issue_id":"${id}","timestamp":"2026-11-20T09:00:00Z","release":"shop@1.4.0","level"`,
      ),
    });
    const serving = await served();
    const send = async ({ resource, body }: { resource: string; body: string }) => {
      const headers = signedBySentry(body, SECRETS.SENTRY_CLIENT_SECRET, resource);
      const sent = await post(serving, '/intake/sentry', body, headers);
      expect(sent).toMatchObject({ status: 202, body: { events: 1, incidents: [expect.any(String)] } });
      return (sent.body.incidents as string[])[0];
    };
    const first = [await send(event('1')), await send(issue('1', '2026-11-20T10:00:00Z'))];
    expect(new Set(first).size).toBe(1);
    const record = await serving.bench.incidents.get(first[0] ?? '');
    expect(record?.event).toMatchObject({
      trigger: 'regression',
      affected_users: 7,
      release: 'shop@1.4.0',
      file: 'src/price.js',
      frames: [{ file: 'src/price.js' }],
    });
    const second = [await send(issue('2', '2026-11-20T10:00:00Z')), await send(event('2')), await send(event('2'))];
    second.push(await send(issue('2', '2026-11-21T10:00:00Z')));
    expect(new Set(second).size).toBe(1);
    expect(await send(event('3'))).not.toBe(second[0]);
  });
});
