import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { timedSignature } from '../../../healer/intake/proofs/timed-signature.ts';
import { relayUrl, sendBatch } from '../../../healer/watcher/relay.ts';

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Answers as told, and keeps what came. */
async function receiver(status: number, headers: Record<string, string> = {}) {
  const came: { body: Buffer; headers: Record<string, string | undefined>; path: string }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    came.push({
      body: Buffer.concat(chunks),
      headers: request.headers as Record<string, string>,
      path: request.url ?? '',
    });
    response.writeHead(status, headers).end('{}');
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return { url: relayUrl(`http://127.0.0.1:${port}`) ?? new URL('http://none'), came };
}

const now = () => new Date('2026-12-01T00:00:00Z');
const options = { secret: 's3cret', now, signal: new AbortController().signal };
const batch = { id: 'b-1', events: [] };

it('signs what it sends as the intake proves it', async () => {
  const { url, came } = await receiver(202);
  expect(await sendBatch(batch, { ...options, url })).toEqual({ outcome: 'accepted' });
  const [one] = came;
  expect([one?.path, JSON.parse(String(one?.body))]).toEqual(['/intake/relay', batch]);
  const proof = timedSignature('X', 'X-Self-Healing-Signature');
  const request = { headers: one?.headers ?? {}, url, params: {}, body: one?.body ?? Buffer.alloc(0) };
  expect(proof.fault(request, 's3cret', now())).toBeUndefined();
  expect(proof.fault(request, 'another', now())).toBeDefined();
});

it.each([
  [401, {}, { outcome: 'later', why: expect.stringContaining('SELF_HEALING_RELAY_SECRET') }],
  [429, { 'retry-after': '7' }, { outcome: 'later', why: 'answered 429', afterMs: 7000 }],
  [503, {}, { outcome: 'later', why: 'answered 503' }],
  [422, {}, { outcome: 'refused', why: 'answered 422' }],
  [413, {}, { outcome: 'refused', why: 'answered 413' }],
])('%i', async (status, headers, expected) => {
  const { url } = await receiver(status, headers as Record<string, string>);
  expect(await sendBatch(batch, { ...options, url })).toEqual(expected);
});

it('waits where nobody listens', async () => {
  const { url } = await receiver(202);
  for (const server of servers.splice(0)) server.close();
  expect(await sendBatch(batch, { ...options, url })).toMatchObject({ outcome: 'later' });
});

it.each([
  ['https://fixer.internal:4555', 'https://fixer.internal:4555/intake/relay'],
  ['http://127.0.0.1:1/proxy/relay', 'http://127.0.0.1:1/proxy/relay'],
  ['ftp://x', undefined],
  ['nowhere', undefined],
])('%s', (text, expected) => {
  expect(relayUrl(text)?.href).toBe(expected);
});
