import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A plugin of esbuild: in a bundle that is run at once, every source file keeps the folder that it was written in. */
export const ownFolder = {
  name: 'own-folder',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/, namespace: 'file' }, ({ path }) => {
      if (path.includes('node_modules')) return undefined;
      const text = readFileSync(path, 'utf8');
      return { contents: text.replaceAll('import.meta.dirname', JSON.stringify(dirname(path))), loader: 'ts' };
    });
  },
};
