/**
 * The workflows that `init --ci` writes for GitHub Actions: one in which the gate judges every pull request, and one that
 * heals what fails in the others.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type InstallationSource, installedFrom } from './installed-from.ts';

const FOLDER = '.github/workflows';
export const WORKFLOW_FILE = `${FOLDER}/self-healing.yml`;
export const HEAL_WORKFLOW_FILE = `${FOLDER}/self-healing-heal.yml`;

export interface WrittenWorkflows {
  written: string[];
  /** They were there already, and nothing changed. */
  kept: string[];
  /** Those in which a person has to fill in SOURCE. */
  withoutSource: string[];
  /** There is no workflow whose failures could be healed. */
  nothingToHeal: boolean;
}

export async function writeWorkflows(root: string, version: string, testCommand: string): Promise<WrittenWorkflows> {
  const source = await installedFrom(import.meta.dirname, version);
  const watched = await namesOfWorkflows(root);
  const texts: [file: string, text: string][] = [
    [WORKFLOW_FILE, workflow(source, testCommand)],
    ...(watched.length === 0
      ? []
      : [[HEAL_WORKFLOW_FILE, healWorkflow(source, testCommand, watched)] satisfies [string, string]]),
  ];
  await mkdir(join(root, FOLDER), { recursive: true });
  const written: string[] = [];
  const kept: string[] = [];
  for (const [file, text] of texts) {
    try {
      await writeFile(join(root, file), text, { flag: 'wx' });
      written.push(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      kept.push(file);
    }
  }
  return { written, kept, withoutSource: source === undefined ? written : [], nothingToHeal: watched.length === 0 };
}

/** As GitHub names them: by `name`, else by the file. Our own, and what cannot be read, are left out. */
async function namesOfWorkflows(root: string): Promise<string[]> {
  const entries = await readdir(join(root, FOLDER)).catch(() => []);
  const names: string[] = [];
  for (const entry of entries.filter((one) => /\.ya?ml$/.test(one)).sort()) {
    const path = `${FOLDER}/${entry}`;
    if (path === WORKFLOW_FILE || path === HEAL_WORKFLOW_FILE) continue;
    try {
      const read: unknown = parse(await readFile(join(root, path), 'utf8'));
      if (typeof read !== 'object' || read === null) continue;
      names.push('name' in read && typeof read.name === 'string' && read.name !== '' ? read.name : path);
    } catch {}
  }
  return names;
}

/**
 * `workflows`: the names of those whose failures are healed. It runs from the default branch, so a pull request cannot
 * change it for itself; and it runs the code of a branch of this repository, never of a fork.
 */
export function healWorkflow(
  source: InstallationSource | undefined,
  testCommand: string,
  workflows: readonly string[],
): string {
  return `# Starts when one of the workflows named below has failed: reads the log of the step that failed, heals it on the runner,
# and opens a pull request to the branch that failed. It merges nothing. See docs/ci.md of self-healing.
name: self-healing heal
on:
  workflow_run:
    workflows: ${JSON.stringify(workflows)}
    types: [completed]
permissions: {}
concurrency:
  group: self-healing-\${{ github.event.workflow_run.head_branch }}
jobs:
  heal:
    # Not what forks, bots and self-healing itself pushed, and not what somebody ran again.
    if: >-
      github.event.workflow_run.conclusion == 'failure' &&
      github.event.workflow_run.run_attempt == 1 &&
      github.event.workflow_run.head_repository.full_name == github.repository &&
      github.event.workflow_run.actor.type != 'Bot' &&
      !startsWith(github.event.workflow_run.head_branch, 'hotfix/auto-')
    runs-on: ubuntu-latest
    timeout-minutes: 75
    permissions:
      actions: read # the log of the step that failed
      contents: write # the branch hotfix/auto-*
      pull-requests: write # the pull request
      issues: write # its label, and the one that says that a pull request was tried
    steps:
      - uses: actions/checkout@v4
        with:
          ref: \${{ github.event.workflow_run.head_sha }}
          fetch-depth: 0 # the fix is built on the commit that failed
          persist-credentials: false
      - uses: actions/setup-node@v4
        with:
          node-version: 22 # self-healing itself needs 20.19 or newer
${installSteps(testCommand)}
${getSelfHealing(source, HEAL_WORKFLOW_FILE)}
      - name: Get Claude Code
        run: npm install --global @anthropic-ai/claude-code@2
      - name: Heal
        # --yes: the pull request is where a person decides. A weak reproduction is kept back all the same.
        run: |
          git config --global credential.helper '!f() { test "$1" = get && echo username=x-access-token && echo "password=$GITHUB_TOKEN"; }; f'
          "$RUNNER_TEMP/self-healing/bin/self-healing" heal --source github --error "$GITHUB_EVENT_PATH" --yes
        env:
          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}
          # With a token of your own the workflows of the pull request run by themselves; GitHub starts none for its own token.
          GITHUB_TOKEN: \${{ secrets.SELF_HEALING_GITHUB_TOKEN || github.token }}
      - name: Report
        if: always()
        run: |
          cat .self-healing/reports/*.md >> "$GITHUB_STEP_SUMMARY" 2>/dev/null || echo "There is no report." >> "$GITHUB_STEP_SUMMARY"
`;
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
${getSelfHealing(source, WORKFLOW_FILE)}
      - name: Verify
        run: |
          "$RUNNER_TEMP/self-healing/bin/self-healing" verify --github --base "origin/$BASE"
        env:
          BASE: \${{ github.base_ref }}
`;
}

function getSelfHealing(source: InstallationSource | undefined, file: string): string {
  return `      - name: Get self-healing
        run: |
          test -n "$SOURCE" || { echo "::error::Set SOURCE in ${file} to the git address self-healing is installed from."; exit 2; }
          git init --quiet "$RUNNER_TEMP/self-healing"
          git -C "$RUNNER_TEMP/self-healing" fetch --quiet --depth 1 "$SOURCE" "$REF"
          git -C "$RUNNER_TEMP/self-healing" checkout --quiet FETCH_HEAD
        env:
          SOURCE: ${JSON.stringify(source?.url ?? '')}
          REF: ${JSON.stringify(source?.ref ?? 'main')}`;
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
