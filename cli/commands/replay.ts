import { z } from 'zod';
import { openRepository } from '../../context/repository.ts';
import { type Config, configSchema, defaultConfig } from '../../context/schemas/config.ts';
import { UserError } from '../../events/errors.ts';
import { workingConfig } from '../../healer/incidents/working-config.ts';
import { THRESHOLDS, type Threshold } from '../../hooks/replay/what-if.ts';
import { replay } from '../../hooks/replay.ts';
import { command, JSON_OPTION } from '../command.ts';
import { replayText } from '../formats/replay.ts';
import { readLines } from '../read-input.ts';

/** The thresholds that `--set` gave. */
type Tried = Partial<Record<Threshold, number>>;

/** Lines that are named one by one. */
const SHOWN_LEFT_OUT = 3;

export const replayCommand = command({
  name: 'replay',
  arguments: ['[file]'],
  summary: 'a recorded run through the guards, and what other thresholds would have changed',
  options: [
    ['--set <detection.threshold=value...>', 'try a threshold without writing it into the config'],
    JSON_OPTION,
  ],
  input: z.object({
    file: z.string().optional(),
    set: z.array(z.string()).default([]),
    json: z.boolean().default(false),
  }),
  async run(given, call) {
    const { file, assignments } = apart(given.file, given.set);
    const { detection, guardrails, tests } = await configIn(call.cwd);
    const tried = assignments.reduce(withThreshold, {});
    const name = file === '-' ? 'standard input' : file;
    const leftOut: string[] = [];
    const found = await replay(readLines(file, call), name, {
      detection: { ...detection, ...tried },
      forbiddenPaths: guardrails.forbidden_paths,
      testPaths: tests.paths,
      whatIf: true,
      leftOut: (line, why) => leftOut.push(`${name}:${line}: ${why} It is left out.`),
    });
    for (const text of leftOut.slice(0, SHOWN_LEFT_OUT)) call.warn(text);
    if (leftOut.length > SHOWN_LEFT_OUT) call.warn(`${leftOut.length - SHOWN_LEFT_OUT} more left out.`);
    return { value: found, text: replayText(found, { file, tried, columns: call.columns, paint: call.paint }) };
  },
});

/** The option takes as many words as follow, so a FILE behind it lands among them: it is the one without `=`. */
function apart(file: string | undefined, words: readonly string[]): { file: string; assignments: string[] } {
  const assignments = words.filter((word) => word.includes('='));
  const [other, ...more] = words.filter((word) => !word.includes('='));
  if (more.length > 0 || (file !== undefined && other !== undefined))
    throw new UserError(
      `--set ${other ?? ''}: a threshold and its value are missing.`,
      'Write for example --set detection.repeat_warn=4, and give one FILE.',
    );
  const found = file ?? other;
  if (found === undefined)
    throw new UserError(
      'Which run? Give a FILE: a transcript of Claude Code or a recorded run, or - for standard input.',
      'Transcripts are the .jsonl files below ~/.claude/projects.',
    );
  return { file: found, assignments };
}

/** What was asked for so far, and one more; of two for the same threshold the last counts. */
function withThreshold(tried: Tried, assignment: string): Tried {
  const equals = assignment.indexOf('=');
  const name = assignment.slice(0, equals).trim();
  const threshold = THRESHOLDS.find((known) => name === `detection.${known}`);
  if (threshold === undefined)
    throw new UserError(
      `--set ${assignment}: there is no threshold ${name === '' ? 'without a name' : name}.`,
      `There are: ${THRESHOLDS.map((known) => `detection.${known}`).join(', ')}.`,
    );
  return { ...tried, [threshold]: checkedValue(threshold, assignment.slice(equals + 1).trim(), assignment) };
}

/** Held to the config's own schema. */
function checkedValue(threshold: Threshold, text: string, assignment: string): number {
  const example = `Write for example --set detection.${threshold}=${defaultConfig().detection[threshold]}, the default.`;
  if (!/^-?\d+(\.\d+)?$/.test(text))
    throw new UserError(
      `--set ${assignment}: ${text === '' ? 'the value is missing' : `${text} is no number`}.`,
      example,
    );
  const value = Number(text);
  const checked = configSchema.safeParse({ detection: { [threshold]: value } });
  if (checked.success) return value;
  throw new UserError(`--set ${assignment}: ${checked.error.issues[0]?.message ?? 'no such value'}.`, example);
}

/** Of the repository that the person stands in; the defaults elsewhere. */
async function configIn(folder: string): Promise<Config> {
  const repository = await openRepository(folder).catch((error: unknown) => {
    if (error instanceof UserError) return undefined;
    throw error;
  });
  return repository === undefined ? defaultConfig() : workingConfig(repository);
}
