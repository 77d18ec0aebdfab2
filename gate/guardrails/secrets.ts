/**
 * Secrets and personal data in the lines that a fix adds and in the names of the files it makes. The found text itself is
 * never repeated. Nothing inside the fix lifts a finding: a comment that did would be the fix's own word for itself.
 */
import type { AddedLine, Change } from '../changes.ts';
import type { JudgedFinding } from '../judged-finding.ts';
import { findSecrets } from '../secrets.ts';

export async function judgeSecrets(
  added: readonly AddedLine[],
  changes: readonly Pick<Change, 'path' | 'status'>[],
): Promise<JudgedFinding[]> {
  const findings: JudgedFinding[] = [];
  for (const { path, status } of changes) {
    if (status !== 'A') continue;
    for (const { kind } of await findSecrets(path)) findings.push(finding('The name of an added file', kind));
  }
  const files = new Map<string, AddedLine[]>();
  for (const line of added) {
    const lines = files.get(line.path);
    if (lines) lines.push(line);
    else files.set(line.path, [line]);
  }
  for (const [path, lines] of files) findings.push(...(await judgeLines(path, lines)));
  return findings;
}

async function judgeLines(path: string, lines: readonly AddedLine[]): Promise<JudgedFinding[]> {
  const starts: number[] = [];
  const pieces: string[] = [];
  let length = 0;
  let before: AddedLine | undefined;
  for (const line of lines) {
    // Lines that do not follow each other are kept apart, so that nothing is read across the gap.
    const piece = `${before && before.line + 1 !== line.line ? '\0\n' : ''}${line.text}\n`;
    starts.push(length + piece.length - line.text.length - 1);
    pieces.push(piece);
    length += piece.length;
    before = line;
  }
  let at = 0;
  return (await findSecrets(pieces.join(''), path)).map(({ kind, index }) => {
    while ((starts[at + 1] ?? Number.POSITIVE_INFINITY) <= index) at++;
    const line = lines[at];
    return {
      ...finding(`An added line of ${path}`, kind),
      file: path,
      ...(line ? { line: line.line } : {}),
    };
  });
}

function finding(what: string, kind: string): JudgedFinding {
  return {
    severity: 'fail',
    code: 'guardrails.secret',
    message: `${what} looks like it holds a secret or personal data (${kind.replaceAll('_', ' ')}).`,
    next: 'Read it from the environment or the configuration. If it is none, write it so that everyone sees that: a placeholder such as "<api-key>", user@example.com, a test card of the payment provider. No setting and no comment lifts this.',
  };
}
