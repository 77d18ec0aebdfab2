/**
 * The version of a document. 1.0 is the first and only one, so there is nothing to upgrade from yet: another version is
 * named by itself, in place of everything in it that this one does not know, and such a file is neither used nor changed.
 */

const CURRENT = '1.0';

/** What is wrong with the version of a document that says one; undefined for the current one, and where it says none. */
export function foreignVersion(document: unknown): string | undefined {
  if (typeof document !== 'object' || document === null || !('version' in document)) return undefined;
  const { version } = document;
  // Unquoted it is a number in YAML, which is meant the same.
  if (version === CURRENT || version === Number(CURRENT)) return undefined;
  const said = typeof version === 'number' ? String(version) : version;
  const shown = JSON.stringify(said ?? null).slice(0, 40);
  if (typeof said === 'string' && isNewer(said))
    return `The document is of version ${shown}; this self-healing reads "${CURRENT}". Update self-healing: the file is neither used nor changed meanwhile.`;
  return `Version ${shown} is not known; "${CURRENT}" is the first one. Write version: "${CURRENT}", and correct what is named then.`;
}

function isNewer(version: string): boolean {
  const [major, minor = '0'] = /^\d{1,6}(?:\.\d{1,6})?$/.exec(version)?.[0].split('.') ?? [];
  const [current = '', since = ''] = CURRENT.split('.');
  if (major === undefined) return false;
  return Number(major) > Number(current) || (Number(major) === Number(current) && Number(minor) > Number(since));
}
