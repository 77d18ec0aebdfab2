/** Lists with an end: the first few are shown, and how many there are besides is said. */
import { code } from './quote.ts';

/** Only what is shown is rendered. */
export function firstOf<T>(
  items: readonly T[],
  most: number,
  show: (item: T) => string,
  more: (left: number) => string = (left) => `- and ${left} more.`,
): string[] {
  const shown = items.slice(0, most).map(show);
  return items.length > most ? [...shown, more(items.length - most)] : shown;
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
