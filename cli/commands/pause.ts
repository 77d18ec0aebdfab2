import { z } from 'zod';
import { openRepository } from '../../context/repository.ts';
import { command } from '../command.ts';
import { switchOn } from '../kill-switch.ts';

export const pauseCommand = command({
  name: 'pause',
  summary: 'stop all healing here: nothing is started, and what runs is ended and can be taken up again',
  input: z.object({}),
  async run(_input, call) {
    await switchOn((await openRepository(call.cwd)).root);
    return { text: 'Paused. `self-healing resume` ends it.' };
  },
});
