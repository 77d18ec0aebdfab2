/** `--criteria FILE`: the success criteria of one run, in the form in which `config.yaml` has them. */
import { problemText } from '../context/document/problem.ts';
import { parseDocument } from '../context/document.ts';
import { type Config, configSchema } from '../context/schemas/config.ts';
import { ConfigurationError } from '../events/errors.ts';

const fileSchema = configSchema.pick({ version: true, criteria: true });

export function parseCriteria(text: string, file: string): Config['criteria'] {
  const parsed = parseDocument(text, file, fileSchema);
  if (parsed.ok) return parsed.value.criteria;
  throw new ConfigurationError(
    `The criteria cannot be read:\n${problemText(parsed.problems)}`,
    'The file holds `criteria:` with a list of {id, gate: pass | command | file_exists | file_contains}.',
  );
}
