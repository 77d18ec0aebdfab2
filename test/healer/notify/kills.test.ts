/**
 * SIGKILL of a real `serve` while it tells people of a hand-over: nothing is lost, and what arrives a second time carries the
 * same key, by which a receiver drops it.
 */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, connect, createServer as listen, type Server, type Socket } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { escalate } from '../../../healer/fixes/escalate.ts';
import { reportError } from '../../../healer/incidents/report-error.ts';
import { workingConfig } from '../../../healer/incidents/working-config.ts';
import { tellBeforeEnd } from '../../../healer/notify/clocks.ts';
import type { Workbench } from '../../../healer/workbench.ts';
import { cliProcess, repository } from '../../cli/program.ts';
import { loopbackSlack } from '../intake/slack/loopback.ts';
import { benchOn, openWithHome } from '../sample-repository.ts';
import { loopbackSmtp } from './loopback-smtp.ts';

const servers: Server[] = [];
const sockets = new Set<Socket>();
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
});

async function started(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A receiver behind a wire on which somebody can die. */
interface Receiver {
  port: number;
  notify(port: number): string;
  env(port: number): Record<string, string>;
  /** The key of every message that arrived. */
  keys(): unknown[];
}

const RECEIVERS: Record<string, () => Promise<Receiver>> = {
  async webhook() {
    const came: IncomingHttpHeaders[] = [];
    const server = createServer(async (request, response) => {
      for await (const _ of request);
      came.push(request.headers);
      response.end('{}');
    });
    return {
      port: await started(server),
      notify: (port) => `{ webhook: "http://127.0.0.1:${port}/hook" }`,
      env: () => ({}),
      keys: () => came.map((headers) => headers['idempotency-key']),
    };
  },
  async email() {
    const smtp = await loopbackSmtp();
    return {
      port: Number(new URL(smtp.env.SMTP_URL).port),
      notify: () => '{ email: { from: healer@example.com, to: [ada@example.com] } }',
      env: (port) => ({ SMTP_URL: smtp.env.SMTP_URL.replace(/:\d+$/, `:${port}`) }),
      keys: () => smtp.mails.map(({ data }) => /^Message-ID: (.*)$/im.exec(data)?.[1]),
    };
  },
  async slack() {
    const slack = await loopbackSlack();
    const url = new URL(slack.env.SLACK_API_URL ?? '');
    return {
      port: Number(url.port),
      notify: () => '{ slack: { channel: C0SHOP1 } }',
      env: (port) => ({ ...slack.env, SLACK_API_URL: `http://127.0.0.1:${port}/api` }),
      keys: () =>
        slack.said().map(({ metadata }) => (metadata as { event_payload: { mark: string } }).event_payload.mark),
    };
  },
};

/** Where the wire is cut, and the sender dies. */
type Moment = 'before it has sent' | 'after it has sent, before it knows';

/** Hands on what both sides say; the answer to a message that has arrived is never heard, nor is a request when that is the moment. */
async function wire(to: Receiver, moment: Moment, die: () => void): Promise<number> {
  return started(
    listen((near) => {
      if (moment === 'before it has sent') return die();
      const far = connect(to.port, '127.0.0.1');
      sockets.add(far);
      far.on('close', () => sockets.delete(far)).on('error', () => {});
      near.on('data', (chunk) => far.write(chunk));
      far.on('data', (chunk) => (to.keys().length > 0 ? die() : near.write(chunk)));
    }),
  );
}

const rows = ({ db }: Workbench) =>
  db.all("SELECT channel, tries, done_at_ms IS NOT NULL AS done FROM notices WHERE channel <> ''");

it.each(
  Object.keys(RECEIVERS).flatMap((channel) =>
    (['before it has sent', 'after it has sent, before it knows'] as const).map((moment) => ({ channel, moment })),
  ),
)('$channel: serve dies $moment; the next process tells it', async ({ channel, moment }) => {
  const to = await (RECEIVERS[channel] as () => Promise<Receiver>)();
  let child: ReturnType<typeof cliProcess> | undefined;
  const port = await wire(to, moment, () => child?.kill('SIGKILL'));
  const root = repository({
    'src/price.js': 'export const price = 1;\n',
    '.self-healing/config.yaml': `version: "1.0"\napproval: { start: ask }\nnotify: ${to.notify(port)}\n`,
  });
  let late = 0;
  const bench = await benchOn(await openWithHome(root), { now: () => new Date(Date.now() + late) });
  const text = 'TypeError: price is not a function\n    at price (/srv/shop/src/price.js:1:14)';
  const { incident } = await reportError(bench, { text });
  await escalate(bench, { incident, reason: 'No attempt passed.', needs: 'Decide.', who: 'heal' });
  child = cliProcess(root, ['serve', '--port', '0'], to.env(port));
  const [, signal] = await once(child, 'exit');
  expect(signal).toBe('SIGKILL');
  expect(rows(bench)).toEqual([{ channel, tries: 1, done: 0 }]);
  expect(to.keys()).toHaveLength(moment === 'before it has sent' ? 0 : 1);

  // What it held when it died is free again after two minutes.
  const settings = async () => {
    const config = await workingConfig(bench.repository);
    if (channel === 'webhook') config.notify.webhook = `http://127.0.0.1:${to.port}/hook`;
    return { config };
  };
  const outbox = { bench, env: to.env(to.port), settings, log: () => {} };
  await tellBeforeEnd(outbox, AbortSignal.timeout(60_000));
  expect(rows(bench)).toMatchObject([{ tries: 1, done: 0 }]);
  late = 121_000;
  await tellBeforeEnd(outbox, AbortSignal.timeout(60_000));
  expect(rows(bench)).toEqual([{ channel, tries: 2, done: 1 }]);
  const keys = to.keys();
  expect(keys.every((key) => typeof key === 'string' && key !== '')).toBe(true);
  expect(new Set(keys).size).toBe(1);
  // Slack is asked whether it had arrived; the others drop the second one by its key.
  expect(keys).toHaveLength(moment === 'before it has sent' || channel === 'slack' ? 1 : 2);
  await tellBeforeEnd(outbox, AbortSignal.timeout(60_000));
  expect(to.keys()).toHaveLength(keys.length);
});
