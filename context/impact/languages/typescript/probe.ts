/** Which file of the tree a path without (or with another) extension stands for, the way TypeScript and Node look. */

const SOURCE = ['.ts', '.tsx', '.d.ts', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.d.mts', '.d.cts', '.json'];
const COMPONENTS = ['.vue', '.svelte', '.astro'];
/** What a written extension may be compiled from, best first. */
const WRITTEN_FOR: Record<string, string[]> = {
  '.js': ['.ts', '.tsx', '.d.ts', '.js', '.jsx'],
  '.jsx': ['.tsx', '.d.ts', '.jsx'],
  '.mjs': ['.mts', '.d.mts', '.mjs'],
  '.cjs': ['.cts', '.d.cts', '.cjs'],
};
const IMPLEMENTATION: Record<string, string[]> = {
  '.d.ts': ['.js', '.jsx'],
  '.d.mts': ['.mjs'],
  '.d.cts': ['.cjs'],
};

export type Probe = (path: string) => readonly string[];

/** The probe finds the file, and beside a declaration file also what it declares: the code is what can break. */
export function probeIn(files: ReadonlySet<string>): Probe {
  const withImplementation = (stem: string, extension: string): string[] => [
    stem + extension,
    ...(IMPLEMENTATION[extension] ?? []).map((other) => stem + other).filter((path) => files.has(path)),
  ];

  function file(path: string): string[] {
    const written = /\.[mc]?jsx?$/.exec(path)?.[0];
    if (written !== undefined) {
      const stem = path.slice(0, -written.length);
      for (const extension of WRITTEN_FOR[written] ?? [])
        if (files.has(stem + extension)) return withImplementation(stem, extension);
    }
    if (files.has(path)) {
      const declaration = /\.d\.[mc]?ts$/.exec(path)?.[0];
      return declaration === undefined ? [path] : withImplementation(path.slice(0, -declaration.length), declaration);
    }
    for (const extension of SOURCE) if (files.has(path + extension)) return withImplementation(path, extension);
    for (const extension of COMPONENTS) if (files.has(path + extension)) return [path + extension];
    return [];
  }

  return (path) => {
    if (path === '' || path === '.' || path === './') return file('index');
    if (path.endsWith('/')) return file(`${path}index`);
    const found = file(path);
    return found.length > 0 ? found : file(`${path}/index`);
  };
}
