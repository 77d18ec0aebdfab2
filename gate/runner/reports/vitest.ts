/** vitest: its JSON reporter, beside the default one for people. */
import { join } from 'node:path';
import { readJestJson } from './jest-json.ts';
import type { Reporter } from './report.ts';

const reportFile = (folder: string) => join(folder, 'vitest.json');

export const vitestReporter: Reporter = {
  async request(folder) {
    const args = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile(folder)}`];
    return { args, env: {} };
  },
  read: (source) => readJestJson(reportFile(source.folder), source),
};
