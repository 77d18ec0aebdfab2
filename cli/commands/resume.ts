import { z } from 'zod';
import { pausedBy } from '../../healer/heal/pause.ts';
import { hasState } from '../../healer/workbench.ts';
import { withBench } from '../bench.ts';
import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { switchOff } from '../kill-switch.ts';

export const resumeCommand = command({
  name: 'resume',
  summary: 'let healing go on after `pause`, and at once after a wait for the API or the login',
  input: z.object({}),
  run: (_input, call) =>
    withBench(call, async (bench) => {
      const { root } = bench.repository;
      await switchOff(root);
      if (hasState(bench)) await bench.incidents.setBackOff(undefined);
      const still = pausedBy(root, process.env);
      return still === undefined
        ? { text: 'Healing may go on. `self-healing status` shows what waits.' }
        : { text: `Still paused: ${still}.`, exit: EXIT.findings };
    }),
});
