/** Many paths against many globs: what `matches` answers one by one, asked of sets. */
import { matches } from './path-rules.ts';

/** A path as it is written, or everything in one folder; other globs are neither. */
const PLAIN = /^[^*?[\]{}()!+@\\|]+$/;

function folderOf(glob: string): string | undefined {
  const folder = glob.endsWith('/**') ? glob.slice(0, -3) : glob.endsWith('/') ? glob.slice(0, -1) : undefined;
  return folder !== undefined && folder !== '' && !folder.startsWith('./') && PLAIN.test(folder) ? folder : undefined;
}

function* withFoldersAbove(path: string): Generator<string> {
  yield path;
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) yield path.slice(0, end);
}

export class PathSet {
  readonly #paths: ReadonlySet<string>;
  readonly #above = new Set<string>();

  constructor(paths: Iterable<string>) {
    this.#paths = new Set(paths);
    for (const path of this.#paths) for (const folder of withFoldersAbove(path)) this.#above.add(folder);
  }

  /** Whether one of the globs matches one of the paths. */
  meets(globs: readonly string[]): boolean {
    return globs.some((glob) => {
      if (this.#paths.has(glob)) return true;
      const folder = folderOf(glob);
      if (folder !== undefined) return this.#above.has(folder);
      for (const path of this.#paths) if (matches([glob], path)) return true;
      return false;
    });
  }
}

export class GlobSet {
  readonly #plain = new Set<string>();
  readonly #folders = new Set<string>();
  readonly #others: string[] = [];

  constructor(globs: Iterable<string>) {
    for (const glob of new Set(globs)) {
      const folder = folderOf(glob);
      this.#plain.add(glob);
      if (folder !== undefined) this.#folders.add(folder);
      else if (!PLAIN.test(glob) || glob.startsWith('./')) this.#others.push(glob);
    }
  }

  /** Whether one of the globs matches the path. */
  matches(path: string): boolean {
    if (this.#plain.has(path)) return true;
    for (const folder of withFoldersAbove(path)) if (this.#folders.has(folder)) return true;
    return matches(this.#others, path);
  }
}
