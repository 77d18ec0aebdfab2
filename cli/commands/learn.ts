import { z } from 'zod';
import { type Learned, learn } from '../../healer/learn.ts';
import { withBench } from '../bench.ts';
import { command, JSON_OPTION } from '../command.ts';

export const learnCommand = command({
  name: 'learn',
  summary: 'drafts scenarios and invariants from tests, past fixes, types and schemas; without force until accepted',
  options: [JSON_OPTION],
  input: z.object({}),
  run: (_input, call) =>
    withBench(call, async (bench) => {
      const onProgress = (line: string) => call.pass(call.paint('dim', `  ${line}`));
      const learned = await learn(bench, { signal: call.signal, onProgress });
      return { value: learned, text: tell(learned).join('\n') };
    }),
});

function tell({ drafts, left_out: leftOut, known }: Learned): string[] {
  const before = known > 0 ? `${known} known from before are not offered again.` : '';
  return [
    drafts.length === 0
      ? `Nothing new to draft. ${before}`.trim()
      : `${drafts.length} ${drafts.length === 1 ? 'draft' : 'drafts'}, without force (proposed: true). ${before}`.trim(),
    ...drafts.map(({ id, says, from, file, line }) => `  ${id}  ${says}  (from ${from}; ${file}:${line})`),
    ...(leftOut.length > 0 ? ['Left out:', ...leftOut.map(({ what, why }) => `  ${what}: ${why}`)] : []),
    ...(drafts.length > 0
      ? ['', 'Next: read them one by one; remove `proposed: true` to accept one, or delete it: it does not come back.']
      : []),
  ];
}
