import type { Rule } from '../../hooks/rules.ts';

/** Characters of a command or path in a report. */
const LIMIT = 160;

/** A call that was made and that a guard would have denied, on one line: `Bash "git push" [publish.push]`. */
export function violationLine(call: { tool: string; input: Record<string, unknown> }, rule: Rule): string {
  const { command, file_path, notebook_path } = call.input;
  const target = [command, file_path, notebook_path].find((value) => typeof value === 'string') ?? '';
  return `${call.tool} ${JSON.stringify(target.slice(0, LIMIT))} [${rule}]`;
}
