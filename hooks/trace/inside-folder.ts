/** Absolute paths below a folder, anywhere in a text, become relative to it. */

export function insideFolder(text: string, cwd: string | null): string {
  const folder = cwd?.replace(/\/+$/, '') ?? '';
  if (folder === '' || !text.includes(folder)) return text;
  const quoted = folder.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const below = new RegExp(`(?<![\\w.-]/?)(?:file://)?${quoted}(?:/+(?=[\\w.@*])|(?![\\w.-]))`, 'g');
  return text.replace(below, (found) => (found.endsWith('/') ? '' : '.'));
}
