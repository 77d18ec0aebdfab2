/** jest: `--json` into a file; the report for people stays on stderr. */
import { join } from 'node:path';
import { readJestJson } from './jest-json.ts';
import type { Reporter } from './report.ts';

const reportFile = (folder: string) => join(folder, 'jest.json');

export const jestReporter: Reporter = {
  async request(folder) {
    return { args: ['--json', `--outputFile=${reportFile(folder)}`], env: {} };
  },
  read: (source) => readJestJson(reportFile(source.folder), source),
};
