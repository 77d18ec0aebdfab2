/**
 * A model that plays a written part: a server on loopback that speaks the Messages API as far as Claude Code uses it.
 * The real client talks to it through `ANTHROPIC_BASE_URL`; nothing leaves the machine and nothing is paid.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { type Reply, wireEvents, wireMessage } from './model-reply.ts';
import { type ModelRequest, modelRequestSchema, type PlayedAgent, readTurn, type Turn } from './model-turn.ts';

/** The first rule that fits a turn answers it; a property left out fits everything. */
export interface Rule {
  agent?: PlayedAgent;
  step?: number;
  when?: (turn: Turn) => boolean;
  reply: Reply | ((turn: Turn) => Reply | Promise<Reply>);
}

export type Script = Rule[] | ((turn: Turn) => Reply | Promise<Reply>);

export interface PlayedRequest {
  turn: Turn;
  reply: Reply;
  /** The request as it was sent. */
  body: ModelRequest;
}

export interface ScriptedModel {
  /** For `ANTHROPIC_BASE_URL`. */
  url: string;
  /** Every turn asked of the model so far, oldest first. */
  requests(): PlayedRequest[];
  /** Ends it at once; open requests are cut. */
  stop(): Promise<void>;
}

/** A conversation with its history is rarely above 1 MB; beyond this the sender is not Claude Code. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** Starts it on 127.0.0.1; `port` 0 lets the system choose. */
export async function startScriptedModel(script: Script, { port = 0 } = {}): Promise<ScriptedModel> {
  const played: PlayedRequest[] = [];
  const server = createServer((request, response) => {
    answer(request, response, script, played).catch((error: unknown) => {
      if (!response.headersSent) sendError(response, 400, 'invalid_request_error', `scripted model: ${String(error)}`);
      else response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the scripted model got no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests: () => [...played],
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  script: Script,
  played: PlayedRequest[],
): Promise<void> {
  const path = (request.url ?? '/').split('?')[0];
  if (request.method === 'HEAD') return void response.writeHead(200).end();
  if (request.method !== 'POST' || path === undefined || !path.startsWith('/v1/messages'))
    return sendError(response, 404, 'not_found_error', `scripted model: nothing at ${request.method} ${path}`);
  const raw = await readBody(request);
  if (path.endsWith('/count_tokens')) return sendJson(response, 200, { input_tokens: Math.round(raw.length / 4) });
  const body = modelRequestSchema.parse(JSON.parse(raw.toString('utf8')));
  const turn = readTurn(body, request.headers);
  const reply = await chooseReply(script, turn);
  played.push({ turn, reply, body });
  await send(reply, { response, model: body.model, stream: body.stream ?? false, requestBytes: raw.length });
}

async function chooseReply(script: Script, turn: Turn): Promise<Reply> {
  if (typeof script === 'function') return script(turn);
  const rule = script.find(
    ({ agent = turn.agent, step = turn.step, when }) =>
      agent === turn.agent && step === turn.step && (when === undefined || when(turn)),
  );
  // An error of the kind that the client does not retry: a part that is not written must end the run, not stall it.
  if (rule === undefined)
    return {
      kind: 'fail',
      status: 400,
      type: 'invalid_request_error',
      message: `no rule for ${turn.agent} at step ${turn.step}`,
    };
  return typeof rule.reply === 'function' ? rule.reply(turn) : rule.reply;
}

interface Line {
  response: ServerResponse;
  model: string;
  stream: boolean;
  requestBytes: number;
}

async function send(reply: Reply, { response, model, stream, requestBytes }: Line): Promise<void> {
  if (reply.delayMs !== undefined && !(await pause(reply.delayMs, response))) return;
  switch (reply.kind) {
    case 'hang':
      return;
    case 'fail':
      if (reply.retryAfter !== undefined) response.setHeader('retry-after', String(reply.retryAfter));
      return sendError(response, reply.status, reply.type, reply.message ?? reply.type);
    case 'cut': {
      const [opening = ''] = wireEvents(wireMessage({ kind: 'say', text: '' }, model, requestBytes));
      startStream(response);
      response.write(opening, () => response.destroy());
      return;
    }
    case 'say':
    case 'use': {
      const message = wireMessage(reply, model, requestBytes);
      if (!stream) return sendJson(response, 200, message);
      startStream(response);
      response.end(wireEvents(message).join(''));
      return;
    }
    default:
      reply satisfies never;
  }
}

/** False when the client went away meanwhile. */
async function pause(ms: number, response: ServerResponse): Promise<boolean> {
  const gone = new AbortController();
  const leave = () => gone.abort();
  response.once('close', leave);
  try {
    await wait(ms, undefined, { signal: gone.signal });
    return true;
  } catch {
    return false;
  } finally {
    response.off('close', leave);
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Error(`the request is larger than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function startStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function sendError(response: ServerResponse, status: number, type: string, message: string): void {
  sendJson(response, status, { type: 'error', error: { type, message } });
}
