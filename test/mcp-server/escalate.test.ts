/** A session that hands an incident over, and no `serve` anywhere: its own server tells people, or says what waits. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { reportError } from '../../healer/incidents/report-error.ts';
import { workingConfig } from '../../healer/incidents/working-config.ts';
import { tellBeforeEnd } from '../../healer/notify/clocks.ts';
import { tellFromSession } from '../../healer/notify/tell-from-session.ts';
import { serve } from '../../mcp-server/server.ts';
import { loopbackTelegram } from '../healer/notify/loopback-telegram.ts';
import { ERROR, PROJECT } from '../healer/sample-fix.ts';
import { benchOn, freshFolder, openWithHome, sampleRepository } from '../healer/sample-repository.ts';

const came: { incident: string; failure_summary: string }[] = [];
const hook = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  came.push(JSON.parse(Buffer.concat(chunks).toString('utf8')));
  response.end('{}');
});
beforeAll(async () => {
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('SELF_HEALING_HOME', freshFolder('home'));
  vi.stubEnv('TELEGRAM_BOT_TOKEN', '');
});
afterAll(() => {
  vi.unstubAllEnvs();
  hook.close();
});

const notify = () =>
  `{ webhook: "http://127.0.0.1:${(hook.address() as AddressInfo).port}/hook", telegram: { chat_id: 7 } }`;

async function handedOver(config: string) {
  const files = {
    ...PROJECT,
    '.self-healing/config.yaml': `version: "1.0"\ntests: { command: node --test }\n${config}`,
  };
  const { root } = await sampleRepository(files);
  const [near, far] = InMemoryTransport.createLinkedPair();
  void serve(far, { folder: root, version: '1', incident: undefined });
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(near);
  const call = async (name: string, input: Record<string, unknown>) => {
    const result = await client.callTool({ name, arguments: input });
    expect(result.isError, JSON.stringify(result.content)).not.toBe(true);
    return result.structuredContent as Record<string, unknown>;
  };
  const { incident } = await call('report_error', { text: ERROR });
  await call('start_fix', { incident });
  const answer = await call('escalate', {
    incident,
    reason: 'Two services disagree.',
    needs: 'Decide which is right.',
  });
  await client.close();
  return { root, incident: String(incident), answer };
}

it('tells with the secrets that it has, once, and names what waits for a process with the others', async () => {
  const { root, incident, answer } = await handedOver(`notify: ${notify()}\n`);
  expect(answer).toMatchObject({
    status: 'escalated',
    told:
      'People were told over webhook. Not told yet over telegram (TELEGRAM_BOT_TOKEN is not set here): ' +
      '`self-healing serve` or the next `heal` does it.',
  });
  expect(came.filter((one) => one.incident === incident)).toMatchObject([
    { failure_summary: 'Two services disagree.' },
  ]);

  const telegram = await loopbackTelegram();
  const bench = await benchOn(await openWithHome(root));
  const settings = async () => ({ config: await workingConfig(bench.repository) });
  await tellBeforeEnd({ bench, env: telegram.env, settings, log: () => {} }, AbortSignal.timeout(20_000));
  expect([came.filter((one) => one.incident === incident).length, telegram.messages.length]).toEqual([1, 1]);
});

it('says nothing of it where `notify` names nobody, and leaves it to the parent in a headless run', async () => {
  const { answer, root } = await handedOver('');
  expect(Object.keys(answer).sort()).toEqual(['report', 'status']);
  const env = { SELF_HEALING_INCIDENT: 'INC-0123456789abcdef' };
  const child = await benchOn(await openWithHome(root), { env });
  const { incident } = await reportError(child, { text: ERROR.replace('tenantId', 'orderId') });
  const given = { env: {}, signal: new AbortController().signal };
  expect(child.role).toBe('child');
  expect(await tellFromSession(child, incident, given)).toBeUndefined();
});
