import { z } from 'zod';
import { git } from '../../context/git.ts';
import { openRepository, type Repository } from '../../context/repository.ts';
import { UserError } from '../../events/errors.ts';
import { type NormalizeOptions, normalize } from '../../events/normalize.ts';
import { workingConfig } from '../../healer/incidents/working-config.ts';
import { command } from '../command.ts';
import { readText } from '../read-input.ts';

export const normalizeCommand = command({
  name: 'normalize',
  arguments: ['[file]'],
  summary: 'turn a text of a source into normalised events, one JSON object per line',
  options: [
    ['--source <source>', 'log or manual'],
    ['--headers <file>', 'headers of a webhook (for sources that come by webhook)'],
  ],
  input: z.object({
    file: z.string().default('-'),
    source: z.string('give --source log or --source manual'),
    headers: z.string().optional(),
  }),
  async run({ file, source, headers }, call) {
    if (headers !== undefined && (source === 'log' || source === 'manual'))
      throw new UserError(`--headers has no meaning for the source ${source}: it comes without any.`, 'Leave it out.');
    const text = await readText(file, call);
    const events = normalize(source, text, await optionsIn(call.cwd));
    return { text: events.map((event) => `${JSON.stringify(event)}\n`).join('') };
  },
});

/** Paths are mapped to the repository where there is one; elsewhere they stay as they are. */
async function optionsIn(folder: string): Promise<NormalizeOptions> {
  const repository = await openRepository(folder).catch((error: unknown) => {
    if (error instanceof UserError) return undefined;
    throw error;
  });
  return repository === undefined ? { now: new Date() } : mapped(repository);
}

async function mapped(repository: Repository): Promise<NormalizeOptions> {
  const { services, intake } = await workingConfig(repository);
  const files = new Set((await git(['ls-files', '-z'], { cwd: repository.root })).split('\0'));
  return {
    now: new Date(),
    root: repository.root,
    strip: services.map(({ strip }) => strip).filter((prefix) => prefix !== ''),
    known: (path) => files.has(path),
    redactIps: intake.redact_ips,
    criticalPatterns: intake.critical_patterns,
    highCount: intake.high_count,
    mediumCount: intake.medium_count,
  };
}
