/** What `watch` reads of a config file (`--config`): the same file as a repository's, of which it needs the logs. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseDocument } from '../context/document.ts';
import { type Config, configSchema, defaultConfig } from '../context/schemas/config.ts';
import { ConfigurationError, UserError } from '../events/errors.ts';

/** Throws UserError where there is no such file, ConfigurationError with its place for the first thing wrong in it. */
export async function readWatchConfig(file: string | undefined, cwd: string): Promise<Config> {
  if (file === undefined) return defaultConfig();
  const text = await readFile(resolve(cwd, file), 'utf8').catch((error: Error) => {
    throw new UserError(`${file} cannot be read: ${error.message}.`, 'Give --config a file like config.yaml.');
  });
  const parsed = parseDocument(text, file, configSchema);
  if (parsed.ok) return parsed.value;
  const [problem] = parsed.problems;
  throw new ConfigurationError(
    `${file}:${problem?.line}:${problem?.column}: ${problem?.message}`,
    'Correct it and try again.',
  );
}
