/** Findings of `context lint`: for people, editors and problem matchers one line each, or annotations of GitHub Actions. */
import type { LintFinding } from '../../context/lint.ts';
import type { Paint } from '../output.ts';
import { annotation } from './github.ts';

/** `file:line:column: code: message`, and below it, indented, what to do. */
export function lintText(findings: readonly LintFinding[], paint: Paint): string {
  if (findings.length === 0) return 'Nothing to say about .self-healing/.';
  const lines = findings.flatMap(({ file, line, column, code, severity, message, fix }) => [
    `${file}:${line}:${column}: ${paint(severity === 'error' ? 'red' : 'yellow', code)}: ${message}`,
    ...(message.includes(fix) ? [] : [paint('dim', `    ${fix}`)]),
  ]);
  return [...lines, summary(findings)].join('\n');
}

export function lintAnnotations(findings: readonly LintFinding[]): string {
  const lines = findings.map(({ file, line, column, code, severity, message, fix }) =>
    annotation({
      level: severity,
      file,
      line,
      column,
      title: code,
      text: message.includes(fix) ? message : `${message}\n${fix}`,
    }),
  );
  return [...lines, summary(findings)].join('\n');
}

function summary(findings: readonly LintFinding[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const count = (amount: number, noun: string) => `${amount} ${noun}${amount === 1 ? '' : 's'}`;
  return `self-healing: ${count(errors, 'error')}, ${count(findings.length - errors, 'warning')}`;
}
