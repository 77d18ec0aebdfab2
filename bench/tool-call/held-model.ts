/**
 * A model that answers only when it is told to, so that of several waiting clients one works at a time, and that looks at
 * the clock before it reads: what its own work costs is in no figure.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Reply, wireEvents, wireMessage } from '../../cli/demo/model-reply.ts';
import { modelRequestSchema, readTurn, type Turn } from '../../cli/demo/model-turn.ts';
import type { ScriptedModel } from '../../cli/demo/scripted-model.ts';

interface Waiting {
  /** By `performance.now()`, when the request began to arrive. */
  at: number;
  body: Buffer;
  request: IncomingMessage;
  response: ServerResponse;
}

const PATIENCE_MS = 60_000;

export class HeldModel implements ScriptedModel {
  url = '';
  private readonly server = createServer((request, response) => void this.take(request, response));
  private waiting: Waiting | undefined;
  private arrived: (() => void) | undefined;

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('the held model got no port');
    this.url = `http://127.0.0.1:${address.port}`;
    return this;
  }

  requests(): [] {
    return [];
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  /** What the client asks now; waits for it. */
  async turn(): Promise<Turn> {
    const { body, request } = await this.next();
    return readTurn(modelRequestSchema.parse(JSON.parse(body.toString('utf8'))), request.headers);
  }

  /** Answers the request that waits; resolves to the milliseconds until the next one. */
  async answer(reply: Reply): Promise<number> {
    if (reply.kind !== 'say' && reply.kind !== 'use') throw new Error(`a held model does not answer ${reply.kind}`);
    const { response } = await this.next();
    this.waiting = undefined;
    const message = wireMessage({ usage: { input: 1, output: 1 }, ...reply }, 'held', 4);
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    const sent = performance.now();
    response.end(wireEvents(message).join(''));
    return (await this.next()).at - sent;
  }

  private async next(): Promise<Waiting> {
    const late = AbortSignal.timeout(PATIENCE_MS);
    while (this.waiting === undefined) {
      await new Promise<void>((resolve, reject) => {
        this.arrived = resolve;
        late.addEventListener('abort', () => reject(new Error(`the client asked nothing for ${PATIENCE_MS} ms`)));
      });
    }
    return this.waiting;
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = performance.now();
    if (request.method !== 'POST') return void response.writeHead(200).end();
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    this.waiting = { at, body: Buffer.concat(chunks), request, response };
    this.arrived?.();
  }
}
