/** Paths in stacks come from other machines and bundlers; this finds the file of the repository that they mean. */

export interface RepositoryPathOptions {
  /** Absolute path of a checkout in which the error may have been thrown. */
  root?: string | undefined;
  /** Prefixes under which the repository is deployed, such as `/srv/shop`. */
  strip?: readonly string[] | undefined;
  /** Whether a repository-relative path is a file of the repository. */
  known?: ((path: string) => boolean) | undefined;
  /** The only file of the repository below whose folders the path stands; undefined when there is none, or several. */
  ending?: ((path: string) => string | undefined) | undefined;
}

const MAX_PATH = 4096;

/** Where the JVM's build tools keep sources; a stack names files from there on. */
const SOURCE_ROOTS = ['java', 'kotlin', 'scala', 'groovy'].flatMap((language) =>
  ['src/main', 'src/test', 'app/src/main'].map((folder) => `${folder}/${language}`),
);

/** A stack's file without URL scheme, query and bundler decoration; Windows separators become slashes. */
export function cleanPath(file: string): string {
  let path = file.slice(0, MAX_PATH).trim();
  const bundled = /^(?:webpack(?:-internal)?|rsc|turbopack|vite):\/\/(.*)$/.exec(path)?.[1];
  if (bundled !== undefined) {
    const relative = /(?:^|\/)(?:\([\w-]+\)\/)?\.\/(.*)$/.exec(bundled)?.[1];
    path = relative ?? bundled.replace(/^\/+/, '');
  } else if (path.startsWith('file://')) {
    path = decode(path.slice('file://'.length)).replace(/^\/(?=[A-Za-z]:[\\/])/, '');
  } else {
    // `app://` is what Sentry's SDKs put in place of a host or a folder that differs from one deployment to the next.
    path = path.replace(/^(?:https?|app):\/\/[^/]*\//, '/');
  }
  return path.replace(/\\/g, '/').replace(/(?<=\.\w{1,10})\?[^/]*$/, '');
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/**
 * The repository-relative path of a file named in a stack: below `root` or a `strip` prefix, else relative already, else
 * its longest suffix that `known` accepts, else the one file that ends with it. With `known` given, no path that it rejects is returned. Undefined when it
 * cannot be mapped; never a path that leaves the repository.
 */
export function toRepositoryPath(
  file: string,
  { root, strip = [], known, ending }: RepositoryPathOptions,
): string | undefined {
  const path = cleanPath(file);
  if (path === '' || path.includes('\0') || /^(?:node:|<)/.test(path)) return undefined;
  const accepted = (candidate: string | undefined) =>
    candidate !== undefined && (known === undefined || known(candidate)) ? candidate : undefined;

  for (const prefix of [...(root === undefined ? [] : [root]), ...strip]) {
    const found = accepted(below(cleanPath(prefix), path));
    if (found !== undefined) return found;
  }
  const absolute = /^(?:\/|[A-Za-z]:\/)/.test(path);
  const relative = absolute ? undefined : accepted(inside(path));
  if (relative !== undefined || known === undefined) return relative;
  const source =
    absolute || !/\.(?:java|kt|scala|groovy)$/.test(path)
      ? undefined
      : SOURCE_ROOTS.map((folder) => accepted(inside(`${folder}/${path}`))).find(Boolean);
  if (source !== undefined) return source;

  const segments = (inside(path.replace(/^(?:[A-Za-z]:)?\/+|^(?:\.\.\/)+/, '')) ?? '').split('/');
  for (let drop = absolute ? 0 : 1; drop < segments.length; drop++) {
    const suffix = segments.slice(drop).join('/');
    if (suffix !== '' && known(suffix)) return suffix;
  }
  // A package of the JVM, or a path from a folder of a larger repository. A bare name could be any file of that name.
  return absolute || segments.length < 2 ? undefined : accepted(ending?.(segments.join('/')));
}

function below(prefix: string, path: string): string | undefined {
  const folder = prefix.replace(/\/+$/, '');
  return folder !== '' && path.startsWith(`${folder}/`) ? inside(path.slice(folder.length + 1)) : undefined;
}

/** The path with `.` and `..` resolved, or undefined when it leads out. */
function inside(path: string): string | undefined {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.length > 0 ? parts.join('/') : undefined;
}
