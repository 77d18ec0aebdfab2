import { confirm, isCancel, text } from '@clack/prompts';
import { z } from 'zod';
import { filesOfFolder } from '../../context/detect/project-files.ts';
import { detect } from '../../context/detect.ts';
import { initialise } from '../../context/init.ts';
import { openRepository } from '../../context/repository.ts';
import { WORKFLOW_FILE, writeWorkflow } from '../ci-workflow.ts';
import { command, JSON_OPTION } from '../command.ts';
import { EXIT } from '../exit-codes.ts';

export const initCommand = command({
  name: 'init',
  summary: 'write the first .self-healing/ of this repository, filled with what is found in it',
  options: [
    ['--yes', 'ask nothing'],
    ['--ci', `also write ${WORKFLOW_FILE}, which judges every pull request`],
    JSON_OPTION,
  ],
  input: z.object({
    yes: z.boolean().default(false),
    ci: z.boolean().default(false),
    json: z.boolean().default(false),
  }),
  async run({ yes, ci, json }, call) {
    const { root } = await openRepository(call.cwd);
    const asks = !yes && !json && call.interactive && process.stdin.isTTY === true;
    const given = asks ? await ask(root, call.signal) : {};
    if (given === undefined) return { text: 'Nothing was written.', exit: EXIT.escalated };
    const { written, kept, detected } = await initialise({ root }, given);
    const command = given.testCommand ?? detected.testCommand;
    if (ci) ((await writeWorkflow(root, call.version, command)) ? written : kept).push(WORKFLOW_FILE);
    return {
      value: { written, kept, detected: { ...detected, testCommand: command } },
      text: [
        ...detected.why,
        '',
        ...written.map((file) => `wrote  ${file}`),
        ...kept.map((file) => `kept   ${file} (it was there already)`),
        '',
        ...(command === ''
          ? [
              'No test command was found: set tests.command in .self-healing/config.yaml, nothing can be proven without.',
            ]
          : []),
        'Read them, then commit .self-healing/: a fix is judged by what is committed.',
        'Next: self-healing context lint',
      ].join('\n'),
    };
  },
});

/** Undefined when the person does not want to go on. */
async function ask(root: string, signal: AbortSignal): Promise<{ testCommand?: string } | undefined> {
  const { testCommand } = await detect(await filesOfFolder(root));
  const command = await text({
    message: 'Which command runs all tests?',
    initialValue: testCommand,
    placeholder: 'none yet',
    defaultValue: '',
    signal,
  });
  if (isCancel(command)) return undefined;
  const go = await confirm({ message: 'Write .self-healing/ into this repository?', signal });
  return go === true ? { testCommand: command } : undefined;
}
