import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../events/errors.ts';
import { SOURCES } from '../../events/event.ts';
import { exitCodeOf, type HealRequest, heal } from '../../healer/heal.ts';
import { withBench } from '../bench.ts';
import { type Call, command, JSON_OPTION } from '../command.ts';
import { parseCriteria } from '../criteria-file.ts';
import { healEnding } from '../heal-ending.ts';
import { showProgress } from '../heal-progress.ts';
import { incidentArgument } from '../incident-argument.ts';
import { person } from '../person.ts';
import { readText } from '../read-input.ts';
import { tellPeople } from '../tell-people.ts';

const inputSchema = z
  .object({
    incident: incidentArgument.optional(),
    error: z.string().optional(),
    source: z.enum(SOURCES, `must be one of ${SOURCES.join(', ')}`).default('log'),
    criteria: z.string().optional(),
    base: z.string().min(1).optional(),
    yes: z.boolean().default(false),
    dryRun: z.boolean().default(false),
  })
  .refine(
    ({ incident, error }) => (incident === undefined) !== (error === undefined),
    'give an incident, or an error with --error FILE (- for standard input): one of them',
  );

export const healCommand = command({
  name: 'heal',
  arguments: ['[incident]'],
  summary: 'from an error to a proven fix on a branch, or to a hand-over with a report; asks nothing',
  options: [
    ['--error <file>', 'a log, a stack trace or plain words; - for standard input'],
    ['--source <source>', 'what the text is (default: log)'],
    ['--criteria <file>', 'success criteria instead of those of config.yaml'],
    ['--base <rev>', 'build the fix on this revision (default: the default branch)'],
    ['--yes', 'approve start and publishing in advance'],
    ['--dry-run', 'do everything but publish'],
    JSON_OPTION,
  ],
  input: inputSchema,
  async run(input, call) {
    const request = await requestOf(input, call);
    return withBench(call, async (bench) => {
      const result = await heal(bench, request);
      if (result.status === 'escalated') await tellPeople(bench, call);
      return { value: result, text: healEnding(result, call), exit: exitCodeOf(result) };
    });
  },
});

async function requestOf(input: z.output<typeof inputSchema>, call: Call): Promise<HealRequest> {
  const options = {
    criteria: input.criteria === undefined ? undefined : await criteriaOf(input.criteria, call),
    base: input.base,
    approvedBy: input.yes ? person() : undefined,
    dryRun: input.dryRun,
    signal: call.signal,
    onProgress: showProgress(call),
  };
  if (input.incident !== undefined) return { ...options, incident: input.incident };
  return { ...options, error: { text: await readText(input.error ?? '-', call), source: input.source } };
}

async function criteriaOf(file: string, call: Call) {
  const text = await readFile(resolve(call.cwd, file), 'utf8').catch((error: unknown) => {
    throw new UserError(`${file} cannot be read: ${(error as Error).message}`, 'Give --criteria a YAML file.');
  });
  return parseCriteria(text, file);
}
