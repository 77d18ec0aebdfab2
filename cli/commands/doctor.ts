import { z } from 'zod';
import { openRepository, type Repository } from '../../context/repository.ts';
import { type Config, defaultConfig } from '../../context/schemas/config.ts';
import { workingConfig } from '../../healer/incidents/working-config.ts';
import { type Call, command, JSON_OPTION } from '../command.ts';
import { channelsCheck } from '../doctor/channels-check.ts';
import type { Check } from '../doctor/check.ts';
import { clientChecks } from '../doctor/client.ts';
import { machineChecks } from '../doctor/machine.ts';
import { repositoryChecks } from '../doctor/repository.ts';
import { sandboxCheck } from '../doctor/sandbox-check.ts';
import { channelCheck, tokenCheck } from '../doctor/tokens.ts';
import { watchCheck } from '../doctor/watch-check.ts';
import { EXIT } from '../exit-codes.ts';
import type { Style } from '../output.ts';
import { wrapped } from '../table.ts';

const STYLES: Record<Check['status'], Style> = { ok: 'green', warn: 'yellow', fail: 'red' };

export const doctorCommand = command({
  name: 'doctor',
  summary: 'whether everything healing needs is there and works, the guards in the real client included',
  options: [JSON_OPTION],
  input: z.object({}),
  async run(_input, call) {
    const repository = await openRepository(call.cwd).catch(() => undefined);
    const config = await settingsOf(repository);
    const { claude, publish } = config;
    const channels = channelsCheck(config, process.env);
    const watching = await watchCheck(config.watch, call.signal);
    const here = await repositoryChecks(call.cwd);
    const where = { cwd: call.cwd, settings: publish, env: process.env, signal: call.signal };
    const client = { command: claude.command, root: repository?.root, signal: call.signal };
    const checks = [
      ...(await machineChecks()),
      await sandboxCheck(process.env),
      ...here,
      ...(here.length > 1 ? [await tokenCheck(where), await channelCheck(config, process.env)] : []),
      ...(channels ? [channels] : []),
      ...(watching ? [watching] : []),
      ...(await clientChecks(client)),
    ];
    const ok = checks.every(({ status }) => status !== 'fail');
    const rows = checks.map((check, at) => tell(check, checks[at - 1], call));
    return {
      value: { ok, checks },
      text: [...rows, '', verdict(checks)].join('\n'),
      exit: ok ? EXIT.done : EXIT.findings,
    };
  },
});

/** What to do stands once where it is the same row after row. On a terminal long texts go on below themselves. */
function tell({ name, status, detail, fix }: Check, before: Check | undefined, call: Call): string {
  const wide = name.startsWith('hook ') ? 24 : 10;
  const columns = call.interactive ? call.columns : Number.POSITIVE_INFINITY;
  const below = (text: string) => wrapped([[' '.repeat(wide + 6), text]], columns).slice(wide + 8);
  const lines = [`${call.paint(STYLES[status], status.padEnd(4))}  ${name.padEnd(wide)}  ${below(detail)}`];
  if (fix !== '' && fix !== before?.fix) lines.push(`${' '.repeat(wide + 8)}${call.paint('bold', below(fix))}`);
  return lines.join('\n');
}

function verdict(checks: readonly Check[]): string {
  if (checks.some(({ status }) => status === 'fail')) return 'Not ready: see above.';
  return checks.some(({ status }) => status === 'warn') ? 'Ready, but see the warnings above.' : 'Ready.';
}

/** Where the config cannot be read, the defaults: that it cannot is a check of its own. */
async function settingsOf(repository: Repository | undefined): Promise<Config> {
  if (repository === undefined) return defaultConfig();
  try {
    return await workingConfig(repository);
  } catch {
    return defaultConfig();
  }
}
