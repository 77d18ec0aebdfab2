/** Foreign words in the advice to an agent: on one line, short, and without signs that mean something to a model. */

/** No control characters, no fences; at most `length` characters. */
export function clipped(text: string, length: number): string {
  const line = text
    .slice(0, length * 4)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/[`<]/g, "'")
    .trim();
  const characters = [...line];
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : line;
}

/** A file: relative to the folder, by its end where it is long. */
export function shownPath(path: string, cwd: string | null): string {
  const relative = cwd !== null && path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : path;
  return relative.length > 60 ? `…${clipped(relative.slice(-59), 59)}` : clipped(relative, 60);
}
