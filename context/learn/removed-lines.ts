/** What people took out of the living context, as git remembers it: a draft that was deleted does not come back. */
import { tryGit } from '../git.ts';
import { INVARIANTS_FILE, SCENARIOS_FOLDER } from '../law/files.ts';

/** Commits that are looked through. */
const MOST_COMMITS = 1000;
const DIFF = ['-U0', '--no-renames', '--no-ext-diff', '--no-textconv', '--no-color'];
const PATHS = ['--', SCENARIOS_FOLDER, INVARIANTS_FILE];

/** Without their sign; of the history of HEAD, and of what is not committed yet. */
export async function removedLines(root: string): Promise<string[]> {
  const told = await Promise.all([
    tryGit(['log', '-p', '--format=', '-n', String(MOST_COMMITS), ...DIFF, ...PATHS], { cwd: root }),
    tryGit(['diff', ...DIFF, 'HEAD', ...PATHS], { cwd: root }),
  ]);
  return told
    .flatMap(({ stdout }) => stdout.split('\n'))
    .filter((line) => line.startsWith('-') && !line.startsWith('--- '))
    .map((line) => line.slice(1));
}
