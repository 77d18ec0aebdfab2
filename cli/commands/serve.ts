import { z } from 'zod';
import { RemoteError } from '../../events/errors.ts';
import { jsonLog } from '../../healer/intake/log.ts';
import { type Serving, serve } from '../../healer/serve.ts';
import { withBench } from '../bench.ts';
import { command } from '../command.ts';

export const serveCommand = command({
  name: 'serve',
  summary: 'take errors in over HTTP, let them settle, and heal what is worth a fix',
  options: [
    ['--port <port>', 'where to listen (default 4555; 0 takes a free one)'],
    ['--host <host>', 'on which address (default 127.0.0.1: this machine only)'],
    ['--dry-run', 'do everything but publish and tell people, and say what would have been done'],
  ],
  input: z.object({
    port: z.coerce.number('must be a number').int().min(0).max(65_535).default(4555),
    host: z.string().min(1).default('127.0.0.1'),
    dryRun: z.boolean().default(false),
  }),
  run: ({ port, host, dryRun }, call) =>
    withBench(call, async (bench) => {
      const log = jsonLog((line) => call.warn(line), bench.now);
      const { version } = call;
      const serving = await serve(bench, { port, host, dryRun, version, env: process.env, log });
      try {
        call.say(describe(serving, dryRun));
        if (!isLoopback(host)) log('warn', 'open_to_others', { host, why: NOT_ENCRYPTED });
        const told = new Promise<void>((resolve) => {
          if (call.signal.aborted) resolve();
          else call.signal.addEventListener('abort', () => resolve(), { once: true });
        });
        await Promise.race([told, serving.replaced]);
        if (!call.signal.aborted)
          throw new RemoteError(
            'Another `self-healing serve` has taken over this repository, so this one ends.',
            'It happens when the machine slept for long, or its disk did not answer.',
          );
      } finally {
        await serving.close();
      }
      return { text: '' };
    }),
});

const NOT_ENCRYPTED =
  'other machines can reach this, and what they send can be read on the way: put TLS in front, or use the relay source';

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function describe({ url, ready, notReady }: Serving, dryRun: boolean): string {
  return [
    `Listening on ${url}`,
    `Ready: ${ready.length > 0 ? ready.join(', ') : 'no source yet'}.`,
    ...notReady.map(({ source, variables }) => `Not ready: ${source} (set ${variables.join(' or ')}).`),
    dryRun
      ? 'Dry run: heals what is queued and publishes nothing; the log says would_publish and would_ask, and what is proven is kept for `self-healing approve`.'
      : 'Heals what is queued, the gravest first; what needs you waits (`self-healing status`). `self-healing pause` stops it.',
  ].join('\n');
}
