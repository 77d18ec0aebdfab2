import { z } from 'zod';
import { openRepository } from '../../context/repository.ts';
import { pausedBy } from '../../healer/heal/pause.ts';
import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { switchOff } from '../kill-switch.ts';

export const resumeCommand = command({
  name: 'resume',
  summary: 'let healing go on after `pause`',
  input: z.object({}),
  async run(_input, call) {
    const { root } = await openRepository(call.cwd);
    await switchOff(root);
    const still = pausedBy(root, process.env);
    return still === undefined
      ? { text: 'Healing may go on. `self-healing status` shows what waits.' }
      : { text: `Still paused: ${still}.`, exit: EXIT.findings };
  },
});
