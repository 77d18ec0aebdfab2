/**
 * Where a healing agent may write: inside its worktree (or the temporary folder), in the diagnosed files and in tests,
 * never at a forbidden path. Paths are judged by where they really lead, through links and `..`.
 */
import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';

/** What the server knows of the fix that an agent is bound to. */
export interface FixScope {
  incident: string;
  /** Real path of the worktree. */
  worktree: string;
  /** Real paths that hold the user's checkout and the product's own folder. */
  protectedFolders: string[];
  /** The files a fix may change; null while there is no diagnosis. */
  affectedFiles: string[] | null;
  /** The pattern that forbids a repository-relative path, or undefined. */
  forbiddenBy(path: string): string | undefined;
  isTest(path: string): boolean;
}

export interface Denial {
  rule: string;
  reason: string;
}

/** Where a path leads: the real path of its nearest existing ancestor, and the rest below it. */
export function realTarget(path: string): string {
  const full = resolve(path);
  try {
    return realpathSync(full);
  } catch {
    const parent = dirname(full);
    return parent === full ? full : join(realTarget(parent), basename(full));
  }
}

export function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** The reason for denying a write to an absolute path, or undefined. */
export function judgeWrite(scope: FixScope, path: string): Denial | undefined {
  const target = realTarget(path);
  if (!isInside(scope.worktree, target)) {
    const inTemporary = isInside(realTarget(tmpdir()), target);
    if (inTemporary && !scope.protectedFolders.some((folder) => isInside(folder, target))) return undefined;
    return deny(
      'scope.outside_worktree',
      `${path} is outside the worktree`,
      `Change files below ${scope.worktree} only.`,
    );
  }
  const inside = relative(scope.worktree, target).split(sep).join('/');
  if (inside === '' || inside === '.git' || inside.startsWith('.git/'))
    return deny('scope.git_folder', `${path} belongs to git`, 'Leave it as it is.');
  if (inside === '.self-healing' || inside.startsWith('.self-healing/'))
    return deny(
      'scope.living_context',
      `${inside} is part of the living context`,
      'Add entries with edit_context; existing ones stay as they are.',
    );
  const pattern = scope.forbiddenBy(inside);
  if (pattern)
    return deny(
      'scope.forbidden_path',
      `${inside} is a forbidden path (${pattern})`,
      'Fix the cause elsewhere, or call escalate and describe the change that a person should make.',
    );
  if (scope.isTest(inside)) return undefined;
  if (!scope.affectedFiles)
    return deny(
      'scope.no_diagnosis',
      `there is no diagnosis yet, so ${inside} is not in scope`,
      'Call record_diagnosis first.',
    );
  if (scope.affectedFiles.includes(inside)) return undefined;
  return deny(
    'scope.outside_diagnosis',
    `${inside} is not among the diagnosed files (${scope.affectedFiles.join(', ')})`,
    'Fix the cause there, or widen affected_files with record_diagnosis and a reason.',
  );
}

function deny(rule: string, what: string, next: string): Denial {
  return { rule, reason: `Denied: ${what}. ${next}` };
}
