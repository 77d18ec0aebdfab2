import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { log } from './log.js';
import { type Answer, handle } from './routes.js';

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const { status, body } = answer(request.method ?? 'GET', url);
  log('INFO', `${request.method} ${url.pathname} ${status}`);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
});

function answer(method: string, url: URL): Answer {
  try {
    return handle(method, url);
  } catch (error) {
    log('ERROR', `${method} ${url.pathname} failed\n${error instanceof Error ? error.stack : error}`);
    return { status: 500, body: { error: 'internal error' } };
  }
}

server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  log('INFO', `listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on('SIGTERM', () => server.close());
