import { appendFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Verdict } from '../../gate/verification.ts';
import type { VerifyStep } from '../../gate/verify.ts';
import { withBench, withIncidents } from '../bench.ts';
import { type Call, command, JSON_OPTION } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { formatVerification, VERIFICATION_FORMATS } from '../formats/verification.ts';
import { incidentArgument } from '../incident-argument.ts';
import { judgeChange } from '../judge-change.ts';

const EXITS: Record<Verdict, ExitCode> = { pass: EXIT.done, fail: EXIT.findings, refuse: EXIT.refused };

export const verifyCommand = command({
  name: 'verify',
  summary: 'the gate on the difference between the merge base and the working tree',
  options: [
    ['--base <rev>', 'compare with the merge base with this revision (default: the default branch)'],
    ['--incident <incident>', 'judge it as the fix of this incident: reproduction, diagnosis and limits too'],
    JSON_OPTION,
    ['--junit', 'print JUnit XML'],
    ['--github', 'print annotations for GitHub Actions, and add the Markdown to its job summary'],
    ['--markdown', 'print Markdown'],
  ],
  input: z.object({
    base: z.string().min(1).optional(),
    incident: incidentArgument.optional(),
    junit: z.boolean().default(false),
    github: z.boolean().default(false),
    markdown: z.boolean().default(false),
  }),
  run(input, call) {
    const { base, incident, ...formats } = input;
    const format = VERIFICATION_FORMATS.find((name) => name !== 'text' && formats[name]) ?? 'text';
    const say = format === 'text' ? call.pass : call.warn;
    return (incident === undefined ? withBench : withIncidents)(call, async (bench) => {
      const { verification, needsPerson } = await judgeChange(bench, {
        cwd: call.cwd,
        base,
        incident,
        signal: call.signal,
        onProgress: (step) => say(call.paint('dim', describe(step))),
        onWarning: (text) => call.warn(`warning: ${text}`),
      });
      if (format === 'github') await addToSummary(formatVerification(verification, 'markdown', needsPerson), call);
      return {
        value: verification,
        text: formatVerification(verification, format, needsPerson),
        exit: EXITS[verification.verdict],
      };
    });
  },
});

/** GitHub Actions shows this file on the page of the run. A verdict is a verdict without it, too. */
async function addToSummary(markdown: string, call: Call): Promise<void> {
  const file = process.env.GITHUB_STEP_SUMMARY;
  if (!file) return;
  await appendFile(file, markdown).catch((error: unknown) =>
    call.warn(`warning: the job summary could not be written: ${error instanceof Error ? error.message : error}`),
  );
}

function describe(step: VerifyStep): string {
  switch (step.step) {
    case 'command':
      return `    ${step.command} (${step.at.replace('_', ' + ')})`;
    case 'waiting':
      return `  waiting for another verification (process ${step.pid})`;
    default:
      return `  ${step.step.replaceAll('_', ' ')}`;
  }
}
