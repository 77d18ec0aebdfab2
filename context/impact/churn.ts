/** How often files changed lately, from git's history: what changes often breaks often. */
import { type GitOptions, tryGit } from '../git.ts';

export interface Churn {
  /** Commits that changed the file in `days` before the newest commit; merges left out. */
  commits: number;
  /** Those of them whose first line says that something was fixed or taken back. */
  fixes: number;
  days: number;
  /** The clone holds only a part of the history, so that there may be more. */
  shallow: boolean;
}

export type ChurnOf = (path: string) => Churn | undefined;

/** Days are counted back from the newest commit, not from today: the same commit has the same risk tomorrow. */
const DAYS = 180;
/** A history that takes git longer than this is left out. */
const PATIENCE_MS = 3000;
const FIX = /^\W*(?:fix|bug|hotfix|revert|regression)|\b(?:fix(?:e[sd]|ing)?|hotfix|bugfix|reverts?)\b/i;
const COMMIT = '\u0001';

/** Of the given files alone. Where git cannot tell (no commit, no time) nothing is known, which is not zero. */
export async function readChurn(files: readonly string[], where: GitOptions, revision = 'HEAD'): Promise<ChurnOf> {
  const unknown: ChurnOf = () => undefined;
  if (files.length === 0) return unknown;
  try {
    const options = { ...where, timeoutMs: PATIENCE_MS };
    const [head, isShallow] = await Promise.all([
      tryGit(['log', '-1', '--format=%ct', revision], options),
      tryGit(['rev-parse', '--is-shallow-repository'], options),
    ]);
    if (head.exit !== 0) return unknown;
    const since = Number(head.stdout.trim()) - DAYS * 86_400;
    const listed = await tryGit(
      [
        ...['--literal-pathspecs', 'log', '--no-merges', '--no-renames', '--name-only', '-z', `--since=@${since}`],
        ...[`--format=${COMMIT}%s`, revision, '--', ...files],
      ],
      options,
    );
    if (listed.exit !== 0) return unknown;
    const shallow = isShallow.stdout.trim() === 'true';
    const found = new Map<string, Churn>(files.map((path) => [path, { commits: 0, fixes: 0, days: DAYS, shallow }]));
    for (const commit of listed.stdout.split(COMMIT).slice(1)) {
      const [subject = '', ...paths] = commit.split(/[\0\n]+/);
      for (const path of paths) {
        const churn = found.get(path);
        if (churn === undefined) continue;
        churn.commits++;
        if (FIX.test(subject)) churn.fixes++;
      }
    }
    return (path) => found.get(path);
  } catch {
    return unknown; // it took too long, or was aborted
  }
}
