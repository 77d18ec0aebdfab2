/** What a module's tsconfig.json or jsconfig.json means for running it: how names are found, and how syntax is compiled. */
import { dirname, resolve } from 'node:path';
import { getTsconfig } from 'get-tsconfig';

export interface ModuleConfig {
  /** Absolute; only what was written. */
  baseUrl?: string;
  /** Targets are absolute. */
  paths: Record<string, string[]>;
  /** Those compiler options that change what a single file becomes. */
  options: Record<string, unknown>;
}

const SYNTAX = [
  'experimentalDecorators',
  'emitDecoratorMetadata',
  'useDefineForClassFields',
  'jsx',
  'jsxFactory',
  'jsxFragmentFactory',
  'jsxImportSource',
] as const;

/** Null where there is none, or one that cannot be read. */
export function configOf(module: string): ModuleConfig | null {
  const found = read(module, 'tsconfig.json') ?? read(module, 'jsconfig.json');
  if (found === null) return null;
  const folder = dirname(found.path);
  const given = found.config.compilerOptions ?? {};
  const baseUrl = given.baseUrl === undefined ? undefined : resolve(folder, given.baseUrl);
  const paths = Object.entries(given.paths ?? {}).map(([pattern, targets]) => [
    pattern,
    targets.map((target) => resolve(baseUrl ?? folder, target)),
  ]);
  const options = SYNTAX.flatMap((key) => (given[key] === undefined ? [] : [[key, given[key]]]));
  return {
    ...(baseUrl === undefined ? {} : { baseUrl }),
    paths: Object.fromEntries(paths),
    options: Object.fromEntries(options),
  };
}

function read(module: string, name: string): ReturnType<typeof getTsconfig> {
  try {
    return getTsconfig(module, name);
  } catch {
    return null; // an `extends` that is not installed; the module may load all the same
  }
}
