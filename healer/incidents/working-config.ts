/**
 * The config as the main checkout has it now: for intake, muting and what else is no law of a fix. A broken one is
 * refused, so that nothing is counted, muted or started by settings that nobody wrote.
 */
import { composeLaw } from '../../context/law/compose.ts';
import { folderLawFiles } from '../../context/law/files.ts';
import type { Repository } from '../../context/repository.ts';
import { type Config, defaultConfig } from '../../context/schemas/config.ts';
import { ConfigurationError } from '../../events/errors.ts';

export async function workingConfig(repository: Repository): Promise<Config> {
  const layers = composeLaw(await folderLawFiles(repository.root));
  const problem = layers.problems.find(({ file }) => file.endsWith('/config.yaml'));
  if (!problem) return layers.config;
  throw new ConfigurationError(
    `${problem.file}:${problem.line}:${problem.column}: ${problem.message}`,
    'Correct it and try again.',
  );
}

/** The defaults in place of one with errors: for what only looks, as every other command tells of them. */
export function readableConfig(repository: Repository): Promise<Config> {
  return workingConfig(repository).catch((error: unknown) => {
    if (error instanceof ConfigurationError) return defaultConfig();
    throw error;
  });
}

/** Why errors of this fingerprint are left alone by these entries, or undefined when they are not. */
export function mutedBecause(mutes: Config['triage']['mute'], fingerprint: string, now: Date): string | undefined {
  const entry = mutes.find((mute) => mute.fingerprint === fingerprint && !isOver(mute.until, now));
  if (!entry) return undefined;
  return `${entry.reason || 'no reason given'}${entry.until ? `, until ${entry.until}` : ''}`;
}

/** A date without a time lasts to its end; one that cannot be read lasts for ever, and so is noticed. */
function isOver(until: string, now: Date): boolean {
  const end = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(until) ? `${until}T23:59:59.999Z` : until);
  return !Number.isNaN(end) && end < now.getTime();
}
