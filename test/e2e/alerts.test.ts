/** Real Prometheus and Alertmanager from Debian: a service whose requests fail, the shipped rule, and a running `serve`. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { cli, cliProcess, repository, SHOP } from '../cli/program.ts';

const PROGRAMS = ['prometheus', 'prometheus-alertmanager'];
const missing = PROGRAMS.filter((program) => spawnSync(program, ['--version']).error !== undefined);
const RULE = join(import.meta.dirname, '..', '..', 'docs', 'sources', 'rules', 'error-rate.yml');
const TOKEN = 'a-token-of-the-test';

const folder = mkdtempSync(join(tmpdir(), 'self-healing-alerts-'));
const children: ChildProcess[] = [];
const servers: Server[] = [];
afterAll(async () => {
  for (const server of servers) server.close();
  for (const child of children) {
    if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit');
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A service of which two requests in a hundred fail, and more of both every time somebody looks. */
async function failingService(): Promise<number> {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1000;
    const of = (status: string, count: number) => `http_requests_total{service="shop",status="${status}"} ${count}\n`;
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(`# TYPE http_requests_total counter\n${of('200', requests * 0.98)}${of('500', requests * 0.02)}`);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** One that nothing listens on now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function start(program: string, ...args: string[]): void {
  children.push(spawn(program, args, { cwd: folder, stdio: 'ignore' }));
}

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

// A CI server must have them: a test that is left out there proves nothing.
it.skipIf(missing.length > 0 && !process.env.CI)(
  'an alert of Prometheus becomes one incident, however often it is told',
  async () => {
    const config = 'version: "1.0"\nintake: { settle: 1s }\nservices: [{ name: shop, paths: ["src/**"] }]\n';
    const root = repository({ ...SHOP, '.self-healing/config.yaml': config });
    const serve = cliProcess(root, ['serve', '--port', '0'], {
      ALERTMANAGER_TOKEN: TOKEN,
      SELF_HEALING_PAUSE: '1',
    });
    children.push(serve);
    let log = '';
    serve.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
    const [hello] = (await once(serve.stdout.setEncoding('utf8'), 'data')) as [string];
    const url = /http:\/\/[\d.:]+/.exec(hello)?.[0] ?? log;

    const [service, alerts, metrics] = [await failingService(), await freePort(), await freePort()];
    start(
      'prometheus-alertmanager',
      `--config.file=${file('alertmanager.yml', {
        route: {
          receiver: 'self-healing',
          group_by: ['alertname'],
          group_wait: '0s',
          group_interval: '1s',
          repeat_interval: '1s',
        },
        receivers: [
          {
            name: 'self-healing',
            webhook_configs: [
              {
                url: `${url}/intake/alertmanager`,
                http_config: { authorization: { credentials_file: file('token', TOKEN) } },
              },
            ],
          },
        ],
      })}`,
      `--storage.path=${join(folder, 'alertmanager')}`,
      `--web.listen-address=127.0.0.1:${alerts}`,
      '--cluster.listen-address=',
    );
    // The shipped rule, on a clock that a test can wait for.
    const rule = readFileSync(RULE, 'utf8').replaceAll('[5m]', '[5s]').replace('for: 2m', 'for: 1s');
    start(
      'prometheus',
      `--config.file=${file('prometheus.yml', {
        global: { scrape_interval: '1s', evaluation_interval: '1s' },
        rule_files: [file('rule.yml', rule)],
        alerting: { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${alerts}`] }] }] },
        scrape_configs: [{ job_name: 'shop', static_configs: [{ targets: [`127.0.0.1:${service}`] }] }],
      })}`,
      `--storage.tsdb.path=${join(folder, 'prometheus')}`,
      `--web.listen-address=127.0.0.1:${metrics}`,
    );

    // The webhook repeats every second or so: three deliveries are two repetitions.
    while (log.split('"status":202').length < 4) await once(serve.stderr, 'data');
    const { incidents } = JSON.parse((await cli(root, ['incidents', '--json'])).stdout);
    expect(incidents).toMatchObject([
      {
        source: 'alertmanager',
        service: 'shop',
        severity: 'critical',
        count: 1,
        error: 'HighErrorRate: shop: more than 1 % of the requests fail',
      },
    ]);
    while (!log.includes('"to":"queued"')) await once(serve.stderr, 'data');
    expect(log).not.toContain(TOKEN);
  },
  120_000,
);
