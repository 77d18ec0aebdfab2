import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import { createApp } from './app.js';
import { createLog } from './log.js';
import { seededServices } from './seed.js';

/** The service behind a socket. @param {ReturnType<typeof createApp>} handle @param {ReturnType<typeof createLog>} log */
export function createOrderServer(handle, log) {
  return createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const { status, body } = await answer({ method: request.method, path, headers: request.headers }, request);
    log.info(`${request.method} ${path} ${status}`);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });

  async function answer(request, stream) {
    const text = await readText(stream);
    try {
      return handle({ ...request, body: text === '' ? undefined : JSON.parse(text) });
    } catch (error) {
      if (error instanceof SyntaxError) return { status: 400, body: { error: 'the body is not JSON' } };
      log.error(`${request.method} ${request.path} failed`, error);
      return { status: 500, body: { error: 'internal error' } };
    }
  }
}

async function readText(stream) {
  let text = '';
  for await (const chunk of stream) text += chunk;
  return text;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const log = createLog(process.env.LOG_FILE);
  const server = createOrderServer(createApp(seededServices()), log);
  server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
    log.info(`listening on http://127.0.0.1:${server.address().port}`);
  });
  process.on('SIGTERM', () => server.close());
}
