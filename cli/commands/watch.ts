import { join } from 'node:path';
import { z } from 'zod';
import { productHome } from '../../context/repository.ts';
import { ConfigurationError, UserError } from '../../events/errors.ts';
import { jsonLog } from '../../healer/intake/log.ts';
import { relayUrl, type Sent, sendBatch } from '../../healer/watcher/relay.ts';
import { takeFolder } from '../../healer/watcher/sole-watcher.ts';
import { type Batch, Spool } from '../../healer/watcher/spool.ts';
import { watchLines } from '../../healer/watcher/watch-lines.ts';
import { watchLogs } from '../../healer/watcher/watcher.ts';
import { type Call, command } from '../command.ts';
import { readWatchConfig } from '../watch-config.ts';

const SECRET = 'SELF_HEALING_RELAY_SECRET';

export const watchCommand = command({
  name: 'watch',
  summary: 'follow logs on a production host, and relay the errors in them',
  options: [
    ['--config <file>', 'a config.yaml whose sources.logs are followed'],
    ['--log <glob...>', 'logs to follow; - reads standard input'],
    ['--relay <url>', 'the address of `self-healing serve`; without it events are printed'],
  ],
  input: z.object({
    config: z.string().optional(),
    log: z.array(z.string().min(1)).default([]),
    relay: z.string().optional(),
  }),
  async run({ config: file, log: globs, relay }, call) {
    const config = await readWatchConfig(file, call.cwd);
    const sources = [...config.sources.logs, ...globs.map((glob) => ({ glob, service: '', environment: '' }))].map(
      ({ glob, service, environment }) => ({
        glob,
        service: service || undefined,
        environment: environment || undefined,
      }),
    );
    if (sources.length === 0)
      throw new UserError('There is nothing to watch.', 'Give --log GLOB, or a --config whose sources.logs name some.');
    const now = () => new Date();
    const options = {
      sources,
      cwd: call.cwd,
      normalizeOptions: async () => ({
        strip: config.services.map(({ strip }) => strip).filter((prefix) => prefix !== ''),
        redactIps: config.intake.redact_ips,
        criticalPatterns: config.intake.critical_patterns,
        highCount: config.intake.high_count,
        mediumCount: config.intake.medium_count,
      }),
      deliver: deliverTo(relay, call, now),
      now,
      log: jsonLog((line) => call.warn(line), now),
    };
    const folder = join(productHome(), 'watch');
    const giveBack = takeFolder(folder);
    try {
      const watching = { ...options, spool: new Spool(join(folder, 'spool')) };
      if (sources.some(({ glob }) => glob === '-')) await watchLines(process.stdin, watching, call.signal);
      else await watchLogs(watching, call.signal);
    } finally {
      giveBack();
    }
    return { text: '' };
  },
});

function deliverTo(relay: string | undefined, call: Call, now: () => Date) {
  if (relay === undefined)
    return async ({ events }: Batch): Promise<Sent> => {
      await call.print(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
      return { outcome: 'accepted' };
    };
  const url = relayUrl(relay);
  if (url === undefined)
    throw new UserError(`--relay ${relay} is no address.`, 'Give one such as https://fixer.internal:4555.');
  const secret = process.env[SECRET];
  if (!secret)
    throw new ConfigurationError(
      `${SECRET} is not set: the relay signs what it sends.`,
      `Set the same ${SECRET} here and where \`self-healing serve\` runs.`,
    );
  return (batch: Batch, signal: AbortSignal) => sendBatch(batch, { url, secret, now, signal });
}
