/**
 * What intake takes: a storm of 100,000 errors of 50 kinds becomes 50 incidents that count every one of them; and errors a
 * second that are on disk when they are answered, beside a bare HTTP handler that reads the same bodies as JSON and stores
 * nothing; and as many when it goes on without end, so that the work that is put off is done as well. The server is a thread of
 * its own; both get the same requests over the same number of connections, in turns.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { serve } from '../healer/serve.ts';
import { openWorkbench } from '../healer/workbench.ts';

const STORM = 100_000;
const KINDS = 50;
const IN_ONE = 100;
const CONNECTIONS = 16;
const ROUNDS = 5;
const SINGLES = 1500;
const AIM = 0.5;
const TOKEN = 'a-token-of-the-benchmark';
const CONFIG = 'version: "1.0"\nintake: { settle: 1h, settle_max: 1h }\n';

type Ask = { kind: 'count' } | { kind: 'end' };

/** In the thread: `serve` on a repository of its own, or the bare handler. */
async function listen(): Promise<void> {
  const { folder } = workerData as { folder?: string };
  if (folder === undefined) {
    const server = createServer((asked, response) => {
      const chunks: Buffer[] = [];
      asked.on('data', (chunk: Buffer) => chunks.push(chunk));
      asked.on('end', () => {
        JSON.parse(Buffer.concat(chunks).toString());
        response.writeHead(202, { 'content-type': 'application/json' }).end('{"outcome":"accepted"}\n');
      });
    });
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      parentPort?.postMessage({ url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}` });
    });
    parentPort?.on('message', () => process.exit(0));
    return;
  }
  const bench = await openWorkbench(folder);
  const serving = await serve(bench, {
    host: '127.0.0.1',
    port: 0,
    dryRun: false,
    version: '0.0.0',
    env: { GENERIC_TOKEN: TOKEN },
    rate: { burst: 1e9, perSecond: 1e9 },
    log: () => {},
  });
  parentPort?.postMessage({ url: serving.url });
  parentPort?.on('message', (ask: Ask) => {
    if (ask.kind === 'count')
      // What waits is counted before the store answers.
      void bench.incidents.list({ limit: 0 }).then(() => {
        parentPort?.postMessage(bench.db.get('SELECT count(*) AS incidents, sum(count) AS errors FROM incidents'));
      });
    else
      void serving
        .close()
        .then(() => bench.close())
        .then(() => process.exit(0));
  });
}

interface Thread {
  url: string;
  ask<T>(ask: Ask): Promise<T>;
  end(): Promise<void>;
}

async function start(folder?: string): Promise<Thread> {
  const worker = new Worker(import.meta.filename, { workerData: { folder } });
  const failed = new Promise<never>((_, reject) => worker.once('error', reject));
  const next = <T>() => Promise.race([new Promise<T>((resolve) => worker.once('message', resolve)), failed]);
  const { url } = await next<{ url: string }>();
  return {
    url,
    ask(ask) {
      const answer = next<never>();
      worker.postMessage(ask);
      return answer;
    },
    end: () =>
      new Promise((resolve) => {
        worker.once('exit', () => resolve());
        worker.postMessage({ kind: 'end' });
      }),
  };
}

/** Milliseconds until all are answered with 202. */
async function send(url: string, bodies: readonly string[]): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
  const one = (body: string) =>
    new Promise<void>((resolve, reject) => {
      const asked = request(`${url}/intake/generic`, { method: 'POST', agent, headers }, (answer) => {
        answer.resume();
        answer.on('end', () =>
          answer.statusCode === 202 ? resolve() : reject(new Error(`Answered ${answer.statusCode}`)),
        );
      });
      asked.on('error', reject);
      asked.end(body);
    });
  const begun = performance.now();
  let at = 0;
  const worker = async () => {
    while (at < bodies.length) await one(bodies[at++] ?? '');
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  agent.destroy();
  return performance.now() - begun;
}

/** Kinds differ in words: numbers are masked. */
function kind(at: number): string {
  return [...String(at)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
}

let serial = 0;
function error(kinds: number): object {
  const at = serial++ % kinds;
  return {
    type: 'TypeError',
    message: `Cannot read properties of undefined (reading '${kind(at)}') for order ${serial}`,
    service: 'shop',
    stack: `TypeError: Cannot read properties of undefined\n    at ${kind(at)} (/srv/shop/src/${kind(at)}.js:12:19)\n    at handle (/srv/shop/src/server.js:40:5)`,
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function repository(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bench-intake-'));
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args], { stdio: 'ignore' });
  git('init', '-q', '-b', 'main');
  execFileSync('mkdir', ['-p', join(folder, '.self-healing')]);
  writeFileSync(join(folder, '.self-healing', 'config.yaml'), CONFIG);
  git('add', '-A');
  git('-c', 'user.name=b', '-c', 'user.email=b@example.com', 'commit', '-qm', 'base');
  return folder;
}

async function measure(): Promise<void> {
  const folder = repository();
  const bare = await start();
  const ours = await start(folder);
  try {
    for (const size of [1, IN_ONE]) {
      const [mine, theirs, counted]: [number[], number[], number[]] = [[], [], []];
      const requests = Math.round(SINGLES / Math.sqrt(size));
      for (let round = 0; round < ROUNDS; round++) {
        const bodies = Array.from({ length: requests }, () =>
          JSON.stringify(size === 1 ? error(KINDS) : { events: Array.from({ length: size }, () => error(KINDS)) }),
        );
        theirs.push(((requests * size) / (await send(bare.url, bodies))) * 1000);
        const begun = performance.now();
        mine.push(((requests * size) / (await send(ours.url, bodies))) * 1000);
        await ours.ask({ kind: 'count' });
        counted.push(((requests * size) / (performance.now() - begun)) * 1000);
      }
      const ratio = median(mine) / median(theirs);
      console.log(
        `intake, ${size} a request, ${CONNECTIONS} connections: ${median(mine).toFixed(0)} errors/s on disk, bare handler without storage ${median(theirs).toFixed(0)}, ratio ${ratio.toFixed(2)} (aim ${AIM}; medians of ${ROUNDS}); ${median(counted).toFixed(0)}/s with the counting`,
      );
    }
    const before = await ours.ask<{ incidents: number; errors: number }>({ kind: 'count' });
    const bodies = Array.from({ length: STORM / IN_ONE }, () =>
      JSON.stringify({ events: Array.from({ length: IN_ONE }, () => error(KINDS)) }),
    );
    const begun = performance.now();
    await send(ours.url, bodies);
    const after = await ours.ask<{ incidents: number; errors: number }>({ kind: 'count' });
    const ms = performance.now() - begun;
    const counted = after.errors - before.errors;
    console.log(
      `storm: ${STORM.toLocaleString('en')} errors of ${KINDS} kinds in ${(ms / 1000).toFixed(1)} s: ${after.incidents} incidents (allowed ${KINDS}), ${counted.toLocaleString('en')} counted (allowed ${STORM.toLocaleString('en')})`,
    );
    if (after.incidents !== KINDS || counted !== STORM) process.exitCode = 1;
  } finally {
    await bare.end();
    await ours.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (isMainThread) await measure();
else await listen();
