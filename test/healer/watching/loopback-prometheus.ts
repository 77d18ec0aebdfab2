/**
 * The query API of Prometheus with figures that a test sets: for outages and odd answers, which a real one does not give
 * when it is asked to. Answers have the shapes of Prometheus 2.53; `test/e2e/watching.test.ts` has the real one.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

const servers: ReturnType<typeof createServer>[] = [];
afterAll(() => {
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
});

export interface Asked {
  path: string;
  query: string;
  time: string | null;
  start: string | null;
  end: string | null;
}

export type Said = number | null | { status: number; body: string } | 'two series';

/** `answer` says what each query gives. */
export async function loopbackPrometheus(answer: (asked: Asked) => Said) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
    const [query, time] = [form.get('query') ?? '', form.get('time')];
    const one = { path: request.url ?? '', query, time, start: form.get('start'), end: form.get('end') };
    asked.push(one);
    const said = answer(one);
    if (typeof said === 'object' && said !== null) {
      response.writeHead(said.status, { 'content-type': 'application/json' }).end(said.body);
      return;
    }
    const isRange = one.path.endsWith('/query_range');
    const series = (value: number) =>
      isRange
        ? {
            metric: {},
            values: [
              [Number(one.start), String(value)],
              [Number(one.end), String(value)],
            ],
          }
        : { metric: {}, value: [Number(time), String(value)] };
    const result = said === 'two series' ? [series(1), series(2)] : said === null ? [] : [series(said)];
    const data = { resultType: isRange ? 'matrix' : 'vector', result };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ status: 'success', data }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, server };
}
