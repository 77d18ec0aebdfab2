/** Where the plugin lies that a headless run is started with: the package's own, never one that the user has installed. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigurationError } from '../../events/errors.ts';

/** Looks upwards from `from`: in the sources, in `dist/` of the root, or in `plugin/dist/`. */
export function pluginFolder(from = import.meta.dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    for (const candidate of [join(folder, 'plugin'), folder]) if (isBuiltPlugin(candidate)) return candidate;
    if (dirname(folder) === folder) break;
  }
  throw new ConfigurationError(
    'The built plugin of self-healing is not part of this installation.',
    'Install self-healing again, or run `npm run build` in a clone of its repository.',
  );
}

function isBuiltPlugin(folder: string): boolean {
  return existsSync(join(folder, '.claude-plugin', 'plugin.json')) && existsSync(join(folder, 'dist', 'server.cjs'));
}
