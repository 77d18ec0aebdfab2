import { z } from 'zod';
import { lint } from '../../context/lint.ts';
import { openRepository } from '../../context/repository.ts';
import { command, JSON_OPTION } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { lintAnnotations, lintText } from '../formats/lint.ts';

export const contextLintCommand = command({
  name: 'context lint',
  summary: 'what is wrong, unproven, contradicting or out of date in .self-healing/',
  options: [
    JSON_OPTION,
    ['--github', 'print annotations for GitHub Actions'],
    ['--strict', 'exit code 1 for warnings, too'],
  ],
  input: z.object({ github: z.boolean().default(false), strict: z.boolean().default(false) }),
  async run({ github, strict }, call) {
    const findings = await lint((await openRepository(call.cwd)).root);
    const counts = strict ? findings : findings.filter(({ severity }) => severity === 'error');
    return {
      value: { findings },
      text: github ? lintAnnotations(findings) : lintText(findings, call.paint),
      exit: counts.length > 0 ? EXIT.findings : EXIT.done,
    };
  },
});
