/** Secrets and personal data in the lines that a fix adds. The found text itself is never repeated. */
import { findSecrets } from '../../events/redact.ts';
import type { AddedLine } from '../changes.ts';
import type { JudgedFinding } from '../judged-finding.ts';

export function judgeSecrets(added: readonly AddedLine[]): JudgedFinding[] {
  const files = new Map<string, AddedLine[]>();
  for (const line of added) files.set(line.path, [...(files.get(line.path) ?? []), line]);
  return [...files].flatMap(([path, lines]) => {
    const starts: number[] = [];
    let text = '';
    for (const line of lines) {
      starts.push(text.length);
      text += `${line.text}\n`;
    }
    return findSecrets(text).map(({ kind, index }): JudgedFinding => {
      const at = lines[starts.findLastIndex((start) => start <= index)];
      return {
        severity: 'fail',
        code: 'guardrails.secret',
        message: `An added line of ${path} looks like it holds a secret or personal data (${kind.replaceAll('_', ' ')}).`,
        file: path,
        ...(at ? { line: at.line } : {}),
        next: 'Read it from the environment or the configuration; in tests use an obvious placeholder such as user@example.com.',
      };
    });
  });
}
