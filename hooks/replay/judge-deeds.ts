/**
 * Writes and commands of a recorded run, judged by the function that judges them live, as if it had been a healing run.
 * What a record cannot know is not held against it: without a diagnosis of its own no file is outside of one.
 */
import { matches } from '../../context/path-rules.ts';
import { forbiddenPaths } from '../../gate/forbidden-paths.ts';
import { judgePastCall } from '../guard/judge-call.ts';
import type { Denial } from '../rules.ts';
import { realTarget } from '../scope/real-target.ts';
import type { Deed } from './deed.ts';
import type { RecordedFix } from './recorded-fix.ts';
import { absolute } from './root.ts';

export interface Law {
  /** `guardrails.forbidden_paths` and `tests.paths` of the config. */
  forbiddenPaths: readonly string[];
  testPaths: readonly string[];
}

/** Judges the deeds of one run: what the guard would have denied. */
export function judgeOf(fix: RecordedFix, law: Law): (deed: Deed) => Denial | undefined {
  const forbids = forbiddenPaths(law.forbiddenPaths);
  const roots = new Map<string, string>();
  return (deed) => {
    const root = roots.get(deed.agent) ?? real(fix.rootOf(deed.agent));
    roots.set(deed.agent, root);
    const cwd = deed.cwd === null ? root : real(deed.cwd);
    return judgePastCall({ tool: deed.tool, input: placed(deed.input, cwd), cwd }, 'fixer', {
      incident: '',
      worktree: root,
      protectedFolders: [root],
      affectedFiles: deed.diagnosed === null ? null : [...deed.diagnosed],
      closed: deed.closed,
      forbiddenBy: (path) => forbids(path)?.pattern,
      // Tests need no diagnosis, and without one no file of a record does.
      isTest: (path) => deed.diagnosed === null || matches(law.testPaths, path),
    });
  };
}

/** The client reads `~` in the path of a file; a folder of that name is not meant. */
function placed(input: Record<string, unknown>, cwd: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => [
      key,
      key === 'command' || typeof value !== 'string' ? value : absolute(value, cwd),
    ]),
  );
}

/** A record may come from another machine: where its folder is not to be found here, it is taken by its name. */
function real(folder: string): string {
  try {
    return realTarget(folder).target;
  } catch {
    return folder;
  }
}
