/** Files and lines as a reader finds them, with a link to the line of the base where the repository is on GitHub. */
import { firstOf } from './blocks.ts';
import type { ReportFacts } from './facts.ts';
import { code } from './quote.ts';

const LONGEST = 300;

export function place(file: string, line?: number | undefined): string {
  return code(line === undefined ? file : `${file}:${line}`);
}

/** For what is known to stand on the base. */
export function placeOnBase({ web, base }: Pick<ReportFacts, 'web' | 'base'>, file: string, line?: number): string {
  if (web === undefined || file.length > LONGEST) return place(file, line);
  const path = Buffer.from(file).toString().split('/').map(segment).join('/');
  return `[${place(file, line)}](${web}/blob/${base.commit}/${path}${line === undefined ? '' : `#L${line}`})`;
}

/** Parentheses would end the link. */
function segment(name: string): string {
  return encodeURIComponent(name).replace(/[()!'*~]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);
}

/** `a.js`, `b.js`, 7 more */
export function someFiles(files: readonly string[], most: number): string {
  return firstOf(
    files,
    most,
    (file) => code(file, 120),
    (left) => `${left} more`,
  ).join(', ');
}
