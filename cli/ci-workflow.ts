/** The workflow that `init --ci` writes: the gate judges every pull request on GitHub Actions. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export const WORKFLOW_FILE = '.github/workflows/self-healing.yml';

/** False, and nothing changed, when there is such a file already. */
export async function writeWorkflow(root: string, version: string, testCommand: string): Promise<boolean> {
  const file = join(root, WORKFLOW_FILE);
  await mkdir(dirname(file), { recursive: true });
  try {
    await writeFile(file, workflow(version, testCommand), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function workflow(version: string, testCommand: string): string {
  const install = /^(?:npm|npx|node)\b/.test(testCommand)
    ? '      - run: npm ci'
    : '      # Install here what your tests need.';
  return `# Judges every pull request by the rules of .self-healing/ on its base: scenarios, invariants, blast radius,
# anti-patterns, and tests that were weakened.
name: self-healing
on: pull_request
permissions:
  contents: read
jobs:
  verify:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
          persist-credentials: false
      - uses: actions/setup-node@v4
        with:
          node-version: 22
${install}
      - run: npx --yes self-healing@${version} verify --github --base "origin/$BASE"
        env:
          BASE: \${{ github.base_ref }}
`;
}
