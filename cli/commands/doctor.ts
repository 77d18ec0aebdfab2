import { z } from 'zod';
import { openRepository, type Repository } from '../../context/repository.ts';
import { type Config, defaultConfig } from '../../context/schemas/config.ts';
import { workingConfig } from '../../healer/incidents/working-config.ts';
import { type Call, command, JSON_OPTION } from '../command.ts';
import type { Check } from '../doctor/check.ts';
import { clientChecks } from '../doctor/client.ts';
import { machineChecks } from '../doctor/machine.ts';
import { repositoryChecks } from '../doctor/repository.ts';
import { tokenCheck } from '../doctor/tokens.ts';
import { EXIT } from '../exit-codes.ts';
import type { Style } from '../output.ts';

const STYLES: Record<Check['status'], Style> = { ok: 'green', warn: 'yellow', fail: 'red' };

export const doctorCommand = command({
  name: 'doctor',
  summary: 'whether everything healing needs is there and works, the guards in the real client included',
  options: [JSON_OPTION],
  input: z.object({}),
  async run(_input, call) {
    const repository = await openRepository(call.cwd).catch(() => undefined);
    const { claude, publish } = await settingsOf(repository);
    const here = await repositoryChecks(call.cwd);
    const where = { cwd: call.cwd, settings: publish, env: process.env, signal: call.signal };
    const client = { command: claude.command, root: repository?.root, signal: call.signal };
    const checks = [
      ...(await machineChecks()),
      ...here,
      ...(here.length > 1 ? [await tokenCheck(where)] : []),
      ...(await clientChecks(client)),
    ];
    const ok = checks.every(({ status }) => status !== 'fail');
    return {
      value: { ok, checks },
      text: [...checks.map((check) => tell(check, call)), '', ok ? 'Ready.' : 'Not ready: see above.'].join('\n'),
      exit: ok ? EXIT.done : EXIT.findings,
    };
  },
});

function tell({ name, status, detail, fix }: Check, { paint }: Call): string {
  const wide = name.startsWith('hook ') ? 24 : 10;
  const lines = [`${paint(STYLES[status], status.padEnd(4))}  ${name.padEnd(wide)}  ${detail}`];
  if (fix !== '') lines.push(`${' '.repeat(wide + 8)}${paint('bold', fix)}`);
  return lines.join('\n');
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
