import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { CallToolRequestSchema, type JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { expect, test } from 'vitest';
import { answerGuards } from '../../mcp-server/guard-line.ts';

const INITIALIZE = {
  jsonrpc: '2.0' as const,
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

/** A server whose usual tools echo their name, with a guard beside it; what it says arrives in `said`. */
async function stage(answer: Parameters<typeof answerGuards>[1]) {
  const [client, own] = InMemoryTransport.createLinkedPair();
  const server = new Server({ name: 'test', version: '1' }, { capabilities: { tools: {} } });
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => ({ content: [{ type: 'text', text: params.name }] }));
  await server.connect(own);
  answerGuards(own, answer);
  const said: JSONRPCMessage[] = [];
  client.onmessage = (message) => said.push(message);
  await client.start();
  const call = (id: number | string, params: unknown) =>
    client.send({ jsonrpc: '2.0', id, method: 'tools/call', params } as JSONRPCMessage);
  const heard = (id: number | string) =>
    expect.poll(() => said.find((message) => 'id' in message && message.id === id), { timeout: 20_000 });
  await client.send(INITIALIZE);
  await heard(0).toMatchObject({ result: { serverInfo: { name: 'test' } } });
  return { call, heard, said, close: () => server.close() };
}

test('a guard is given exactly what was sent, and its answer bears the id of the question', async () => {
  const asked: unknown[] = [];
  const { call, heard, close } = await stage(async (input) => {
    asked.push(input);
    return { content: [{ type: 'text', text: '{}' }] };
  });
  const input = { event: 'PreToolUse', tool_input: '{"command":"true"}' };
  await call('one', { name: 'guard', arguments: input });
  await call(2, { name: 'guard' });
  await heard('one').toMatchObject({ jsonrpc: '2.0', result: { content: [{ text: '{}' }] } });
  await heard(2).toMatchObject({ result: { content: [{ text: '{}' }] } });
  expect(asked).toEqual([input, undefined]);
  await close();
});

test('every other message goes the usual way, and a guard that takes long holds none of them up', async () => {
  const { call, heard, said, close } = await stage(() => new Promise(() => {}));
  await call(1, { name: 'guard', arguments: {} });
  await call(2, { name: 'get_context', arguments: {} });
  await call(3, { nothing: true });
  await heard(2).toMatchObject({ result: { content: [{ text: 'get_context' }] } });
  await heard(3).toHaveProperty('error');
  expect(said.some((message) => 'id' in message && message.id === 1)).toBe(false);
  await close();
});

test('an answer that comes when the client has gone disturbs nobody', async () => {
  let answer = () => {};
  const { call, close } = await stage(
    () => new Promise((resolve) => (answer = () => resolve({ content: [{ type: 'text', text: '{}' }] }))),
  );
  await call(1, { name: 'guard', arguments: {} });
  await close();
  answer();
  // A rejection that nobody handles would fail the run.
  await new Promise((resolve) => setImmediate(resolve));
});
