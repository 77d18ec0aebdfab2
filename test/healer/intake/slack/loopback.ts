/** A Slack on the loopback interface: its Web API and Socket Mode's server, for Slack's own clients to talk to. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';

interface Posted {
  channel: string;
  ts: string;
  thread_ts: string;
  text: string;
  user: string;
  metadata?: unknown;
  blocks?: Block[];
}

interface Block {
  type: string;
  text?: { text: string };
  elements?: { type: string; action_id: string; value: string; text: { text: string } }[];
}

export interface LoopbackSlack {
  env: Record<string, string>;
  /** Every message there is, people's and the bot's. */
  messages: Posted[];
  calls: { method: string; body: Record<string, string> }[];
  /** Answered once in place of the true answer, by method. */
  failures: { method: string; status?: number; error?: string; retryAfter?: number; after?: boolean }[];
  /** By the bot. */
  said(): Posted[];
  /** Seen by one person alone. */
  ephemeral: { channel: string; user: string; text: string }[];
  /** Dialogs that were opened, as Slack got them. */
  views: Record<string, unknown>[];
  /** Answers nothing but HTTP 503 while it is set. */
  down: boolean;
  /** Sends an envelope over the socket; resolves with the acknowledgement. */
  send(type: string, payload: unknown): Promise<unknown>;
  /** How many connections there were; ends the present one. */
  connections: number;
  /** Texts that are attached to messages, by path. */
  snippets: Record<string, string>;
  /** Whether somebody listens on the socket now. */
  connected(): boolean;
  disconnect(): void;
}

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
});

export const BOT = 'U0BOT';

export async function loopbackSlack(): Promise<LoopbackSlack> {
  let socket: WebSocket | undefined;
  let serial = 0;
  const waiting = new Map<string, (value: unknown) => void>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const method = (request.url ?? '').replace(/^\/api\//, '');
    const body = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
    slack.calls.push({ method, body });
    if (slack.down) return void response.writeHead(503).end();
    const token = request.headers.authorization;
    const snippet = slack.snippets[request.url ?? ''];
    if (snippet !== undefined) {
      const may = token === 'Bearer xoxb-loopback';
      response.writeHead(may ? 200 : 302, may ? { 'content-type': 'text/plain' } : { location: '/login' });
      return void response.end(may ? snippet : '');
    }
    const wanted = method === 'apps.connections.open' ? 'Bearer xapp-loopback' : 'Bearer xoxb-loopback';
    const at = slack.failures.findIndex((one) => one.method === method);
    const failure = at === -1 ? undefined : slack.failures.splice(at, 1)[0];
    const answer =
      token !== wanted
        ? { ok: false, error: 'invalid_auth' }
        : failure && !failure.after
          ? undefined
          : run(method, body);
    if (failure) {
      const { status = 200, error = 'internal_error', retryAfter } = failure;
      response.writeHead(status, retryAfter ? { 'retry-after': String(retryAfter) } : {});
      response.end(JSON.stringify({ ok: false, error }));
      return;
    }
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
  });
  const sockets = new WebSocketServer({ server, path: '/socket' });
  sockets.on('connection', (one) => {
    socket = one;
    slack.connections++;
    one.on('message', (data) => {
      const { envelope_id } = JSON.parse(String(data));
      waiting.get(envelope_id)?.(envelope_id);
    });
    one.send(JSON.stringify({ type: 'hello', num_connections: 1 }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  closing.push(
    () =>
      new Promise((resolve) => {
        for (const one of sockets.clients) one.terminate();
        sockets.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );

  function run(method: string, body: Record<string, string>): object {
    switch (method) {
      case 'apps.connections.open':
        return { ok: true, url: `ws://127.0.0.1:${port}/socket` };
      case 'chat.postMessage': {
        const ts = `1700000100.${String(++serial).padStart(6, '0')}`;
        const { channel = '', thread_ts = ts, text = '', metadata, blocks } = body;
        slack.messages.push({
          channel,
          ts,
          thread_ts,
          text,
          user: BOT,
          ...(metadata && { metadata: JSON.parse(metadata) }),
          ...(blocks && { blocks: JSON.parse(blocks) }),
        });
        return { ok: true, channel, ts };
      }
      case 'chat.update': {
        const found = slack.messages.find(({ ts, user }) => ts === body.ts && user === BOT);
        if (!found) return { ok: false, error: 'message_not_found' };
        found.text = body.text ?? '';
        if (body.blocks) found.blocks = JSON.parse(body.blocks);
        return { ok: true, ts: found.ts };
      }
      case 'chat.postEphemeral':
        slack.ephemeral.push({ channel: body.channel ?? '', user: body.user ?? '', text: body.text ?? '' });
        return { ok: true, message_ts: '1700000200.000001' };
      case 'views.open':
        if (!body.trigger_id) return { ok: false, error: 'expired_trigger_id' };
        slack.views.push(JSON.parse(body.view ?? '{}'));
        return { ok: true, view: { id: `V${slack.views.length}` } };
      case 'conversations.history':
        return {
          ok: true,
          messages: slack.messages.filter((one) => one.channel === body.channel && one.ts === one.thread_ts),
        };
      case 'conversations.info':
        return {
          ok: true,
          channel: { id: body.channel, is_channel: true, is_private: body.channel?.startsWith('C0PRIVATE') },
        };
      case 'conversations.replies': {
        const messages = slack.messages.filter(
          (one) => one.channel === body.channel && (one.ts === body.ts || one.thread_ts === body.ts),
        );
        return messages.length > 0 ? { ok: true, messages } : { ok: false, error: 'thread_not_found' };
      }
      default:
        return { ok: false, error: 'unknown_method' };
    }
  }

  const slack: LoopbackSlack = {
    env: { SLACK_BOT_TOKEN: 'xoxb-loopback', SLACK_API_URL: `http://127.0.0.1:${port}/api` },
    messages: [],
    calls: [],
    failures: [],
    ephemeral: [],
    views: [],
    down: false,
    connections: 0,
    snippets: {},
    said: () => slack.messages.filter(({ user }) => user === BOT),
    send(type, payload) {
      const envelope_id = `envelope-${++serial}`;
      const acknowledged = new Promise((resolve) => waiting.set(envelope_id, resolve));
      socket?.send(JSON.stringify({ envelope_id, type, payload, accepts_response_payload: false }));
      return acknowledged;
    },
    connected: () => socket?.readyState === 1,
    disconnect: () => socket?.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' })),
  };
  return slack;
}

let told = 0;
/** What the Events API sends for something that somebody says to the bot. */
export function spoken(text: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  const ts = `1700000000.${String(++told).padStart(6, '0')}`;
  return {
    type: 'event_callback',
    event_id: `Ev${told}`,
    team_id: 'T1',
    event: { type: 'app_mention', channel: 'C0SHOP', user: 'U1', ts, text: `<@${BOT}> ${text}`, ...changes },
    authorizations: [{ user_id: BOT, is_bot: true }],
  };
}
