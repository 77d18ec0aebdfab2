/** The config and what follows from it, read again every few seconds: people edit it while `serve` runs. */
import type { Config } from '../../context/schemas/config.ts';
import { describeError } from '../../events/errors.ts';
import type { NormalizeOptions } from '../../events/normalize.ts';
import { workingConfig } from '../incidents/working-config.ts';
import type { Workbench } from '../workbench.ts';
import type { Log } from './log.ts';
import { normalizeOptions } from './normalize-options.ts';

/** Reading both takes tens of milliseconds, which no delivery should pay for. */
const FRESH_MS = 5_000;

export interface Settings {
  config: Config;
  options: Omit<NormalizeOptions, 'now'>;
}

/** The first reading throws ConfigurationError for settings with errors; later ones keep what was read before, and say so. */
export async function openSettings(bench: Workbench, log: Log): Promise<() => Promise<Settings>> {
  const read = async (): Promise<Settings> => {
    const config = await workingConfig(bench.repository);
    return { config, options: await normalizeOptions(bench.repository, config) };
  };
  let last = await read();
  let at = performance.now();
  let reading: Promise<void> | undefined;
  let said = '';
  const again = async () => {
    try {
      last = await read();
      said = '';
    } catch (error) {
      const { message } = describeError(error);
      if (message !== said) log('error', 'settings_kept', { why: message });
      said = message;
    }
    at = performance.now();
    reading = undefined;
  };
  return async () => {
    if (performance.now() - at > FRESH_MS) reading ??= again();
    await reading;
    return last;
  };
}
