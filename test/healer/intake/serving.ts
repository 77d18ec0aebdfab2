/** `serve` in this process on a real repository, a real database and a real port. */
import { afterAll } from 'vitest';
import type { Repository } from '../../../context/repository.ts';
import type { LogFields } from '../../../healer/intake/log.ts';
import type { Rate } from '../../../healer/intake/rate-limit.ts';
import { type Serving, serve } from '../../../healer/serve.ts';
import type { Workbench } from '../../../healer/workbench.ts';
import { benchOn, sampleBench } from '../sample-repository.ts';

export const SECRETS = {
  SENTRY_CLIENT_SECRET: 'sentry-client-secret-1',
  SENTRY_INTERNAL_TOKEN: 'sentry-internal-token-1',
  SENTRY_DSN_KEY: 'c0ffee5e4712dead0000000000000001',
  GENERIC_TOKEN: 'generic-secret-1',
  SELF_HEALING_RELAY_SECRET: 'relay-secret-1',
  ALERTMANAGER_TOKEN: 'alertmanager-secret-1',
  LOKI_TOKEN: 'loki-secret-1',
  GITHUB_WEBHOOK_SECRET: 'github-secret-1',
  SLACK_SIGNING_SECRET: 'slack-secret-1',
};

/** Errors settle only when a test says so. */
export const SLOW =
  'version: "1.0"\nintake: { settle: 1h, settle_max: 1h }\nsources: { github: { repository: acme/shop } }\n';

export interface Served extends Serving {
  bench: Workbench;
  logged: ({ event: string } & LogFields)[];
}

const running: Served[] = [];
afterAll(async () => {
  for (const served of running) await served.close();
});

export interface ServedOptions {
  config?: string;
  env?: Record<string, string>;
  rate?: Rate;
  now?: () => Date;
  dryRun?: boolean;
  /** One that another `serve` served before. */
  repository?: Repository;
}

export async function served(options: ServedOptions = {}): Promise<Served> {
  const { config = SLOW, env = SECRETS, rate, now, dryRun = false } = options;
  const files = { 'src/price.js': 'export const price = 1;\n', '.self-healing/config.yaml': config };
  const clock = now ? { now } : {};
  const bench = options.repository ? await benchOn(options.repository, clock) : (await sampleBench(files, clock)).bench;
  const logged: Served['logged'] = [];
  const serving = await serve(bench, {
    host: '127.0.0.1',
    port: 0,
    dryRun,
    version: '0.0.0',
    env,
    log: (_level, event, fields) => void logged.push({ event, ...fields }),
    ...(rate && { rate }),
  });
  let closed: Promise<void> | undefined;
  const one = { ...serving, close: () => (closed ??= serving.close()), bench, logged };
  running.push(one);
  return one;
}

export interface Sent {
  status: number;
  body: Record<string, unknown> & { error?: { code: string; message: string; next: string } };
  retryAfter: string | null;
}

export async function post(
  { url }: Pick<Serving, 'url'>,
  path: string,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
): Promise<Sent> {
  const answered = await fetch(url + path, { method: 'POST', body: Buffer.from(body), headers });
  const text = await answered.text();
  return {
    status: answered.status,
    body: text === '' ? {} : JSON.parse(text),
    retryAfter: answered.headers.get('retry-after'),
  };
}
