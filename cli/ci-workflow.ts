/** The workflow that `init --ci` writes: the gate judges every pull request on GitHub Actions. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type InstallationSource, installedFrom } from './installed-from.ts';

export const WORKFLOW_FILE = '.github/workflows/self-healing.yml';

/** `kept`: there is such a file already, and nothing changed. `without_source`: a person has to fill in SOURCE. */
export async function writeWorkflow(
  root: string,
  version: string,
  testCommand: string,
): Promise<'written' | 'without_source' | 'kept'> {
  const file = join(root, WORKFLOW_FILE);
  await mkdir(dirname(file), { recursive: true });
  try {
    const source = await installedFrom(import.meta.dirname, version);
    await writeFile(file, workflow(source, testCommand), { flag: 'wx' });
    return source === undefined ? 'without_source' : 'written';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return 'kept';
    throw error;
  }
}

/** `source` undefined: the place to fill in is left empty, and the job says so until a person has. */
export function workflow(source: InstallationSource | undefined, testCommand: string): string {
  return `# Judges every pull request by the rules of .self-healing/ on its base: scenarios, invariants, blast radius,
# anti-patterns, and tests that were weakened. It needs no secrets and writes nothing but its verdict.
name: self-healing
on: pull_request
permissions:
  contents: read
jobs:
  verify:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0 # the gate compares with the merge base
          persist-credentials: false
      - uses: actions/setup-node@v4
        with:
          node-version: 22 # self-healing itself needs 20.19 or newer
${installSteps(testCommand)}
      - name: Get self-healing
        run: |
          test -n "$SOURCE" || { echo "::error::Set SOURCE in ${WORKFLOW_FILE} to the git address self-healing is installed from."; exit 2; }
          git init --quiet "$RUNNER_TEMP/self-healing"
          git -C "$RUNNER_TEMP/self-healing" fetch --quiet --depth 1 "$SOURCE" "$REF"
          git -C "$RUNNER_TEMP/self-healing" checkout --quiet FETCH_HEAD
        env:
          SOURCE: ${JSON.stringify(source?.url ?? '')}
          REF: ${JSON.stringify(source?.ref ?? 'main')}
      - name: Verify
        run: |
          "$RUNNER_TEMP/self-healing/bin/self-healing" verify --github --base "origin/$BASE"
        env:
          BASE: \${{ github.base_ref }}
`;
}

function installSteps(testCommand: string): string {
  if (/^(?:npm|npx|node)\b/.test(testCommand)) return '      - run: npm ci';
  const venv = /^(\.?venv)\/bin\/python/.exec(testCommand)?.[1];
  if (venv !== undefined || /^(?:python3?|pytest)\b/.test(testCommand))
    return [
      '      - uses: actions/setup-python@v5',
      '        with:',
      '          python-version: "3.12"',
      '      - run: |',
      ...(venv === undefined ? [] : [`          python3 -m venv ${venv}`]),
      `          ${venv === undefined ? 'python3' : `${venv}/bin/python`} -m pip install --editable . pytest`,
    ].join('\n');
  return '      # Install here what your tests need.';
}
