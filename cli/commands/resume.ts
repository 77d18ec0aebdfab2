import { z } from 'zod';
import { stoppedByRejections } from '../../healer/brakes/rejections.ts';
import { pausedBy } from '../../healer/heal/pause.ts';
import { refuseUnderClaude } from '../../healer/incidents/refuse-under-claude.ts';
import { readableConfig } from '../../healer/incidents/working-config.ts';
import { hasState } from '../../healer/workbench.ts';
import { addResume } from '../../store/resumes.ts';
import { withBench } from '../bench.ts';
import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { switchOff } from '../kill-switch.ts';
import { person } from '../person.ts';

export const resumeCommand = command({
  name: 'resume',
  summary: 'let healing go on: after `pause`, after rejections in a row, and at once after a wait for the API',
  input: z.object({}),
  run: (_input, call) =>
    withBench(call, async (bench) => {
      const { root } = bench.repository;
      if (hasState(bench)) {
        const stopped = await stoppedByRejections(bench, await readableConfig(bench.repository));
        if (stopped) {
          refuseUnderClaude('resume');
          addResume(bench.db, { who: person(), at: bench.now().toISOString() });
        }
        await bench.incidents.setBackOff(undefined);
      }
      await switchOff(root);
      const still = pausedBy(root, process.env);
      return still === undefined
        ? { text: 'Healing may go on. `self-healing status` shows what waits.' }
        : { text: `Still paused: ${still}.`, exit: EXIT.findings };
    }),
});
