import { z } from 'zod';
import { lint } from '../../context/lint.ts';
import { openRepository } from '../../context/repository.ts';
import { command, JSON_OPTION } from '../command.ts';
import { EXIT } from '../exit-codes.ts';

export const contextLintCommand = command({
  name: 'context lint',
  summary: 'what is wrong, unproven or out of date in .self-healing/',
  options: [JSON_OPTION],
  input: z.object({}),
  async run(_input, call) {
    const findings = await lint((await openRepository(call.cwd)).root);
    const lines = findings.map(
      ({ file, line, column, code, message }) =>
        `${file}:${line}:${column}: ${message} ${call.paint('dim', `(${code})`)}`,
    );
    return {
      value: { findings },
      text: lines.length > 0 ? lines.join('\n') : 'Nothing to say about .self-healing/.',
      exit: findings.length > 0 ? EXIT.findings : EXIT.done,
    };
  },
});
