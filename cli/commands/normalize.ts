import { z } from 'zod';
import { openRepository } from '../../context/repository.ts';
import { UserError } from '../../events/errors.ts';
import { type NormalizeOptions, normalize } from '../../events/normalize.ts';
import { READERS } from '../../events/sources.ts';
import { workingConfig } from '../../healer/incidents/working-config.ts';
import { normalizeOptions } from '../../healer/intake/normalize-options.ts';
import { command } from '../command.ts';
import { readHeaders } from '../read-headers.ts';
import { readText } from '../read-input.ts';

export const normalizeCommand = command({
  name: 'normalize',
  arguments: ['[file]'],
  summary: 'turn a text of a source into normalised events, one JSON object per line',
  options: [
    ['--source <source>', Object.keys(READERS).join(', ')],
    ['--headers <file>', 'headers of the webhook: a JSON object, or one "Name: value" a line'],
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
    const given = headers === undefined ? undefined : readHeaders(await readText(headers, call));
    const events = normalize(source, text, { ...(await optionsIn(call.cwd)), headers: given });
    return { text: events.map((event) => `${JSON.stringify(event)}\n`).join('') };
  },
});

/** Paths are mapped to the repository where there is one; elsewhere they stay as they are. */
async function optionsIn(folder: string): Promise<NormalizeOptions> {
  const repository = await openRepository(folder).catch((error: unknown) => {
    if (error instanceof UserError) return undefined;
    throw error;
  });
  if (repository === undefined) return { now: new Date() };
  return { ...(await normalizeOptions(repository, await workingConfig(repository))), now: new Date() };
}
