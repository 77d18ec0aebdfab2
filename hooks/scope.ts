/**
 * Where a healing agent may write: inside its worktree (or the temporary folder), in the diagnosed files and in tests,
 * never at a forbidden path. Paths are judged by where they really lead, through links, `..` and the other names of a
 * file. And the few places that it may not read: the user's keys.
 */
import { lstatSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { foldPath, forbiddenPaths } from '../gate/forbidden-paths.ts';
import type { Denial, Rule } from './rules.ts';
import { showsCredentials } from './scope/credentials.ts';
import { hasOtherNames, namesInside } from './scope/other-names.ts';
import { isInside, readings, realTarget, UnknownTarget } from './scope/real-target.ts';
import { ownerInTemporary } from './scope/temporary.ts';

/** What the server knows of the fix that an agent is bound to. */
export interface FixScope {
  incident: string;
  /** Real path of the worktree. */
  worktree: string;
  /** Real paths that hold the user's checkout and the product's own folder. */
  protectedFolders: string[];
  /** The files a fix may change; null while there is no diagnosis. */
  affectedFiles: string[] | null;
  /** Why nothing may be changed any more, as a clause such as "the fix of INC-… was handed in"; undefined while open. */
  closed?: string | undefined;
  /** The pattern that forbids a repository-relative path, or undefined. */
  forbiddenBy(path: string): string | undefined;
  isTest(path: string): boolean;
}

const DEVICES = new Set(['/dev/null', '/dev/stdout', '/dev/stderr', '/dev/tty', '/dev/full']);
const alwaysForbidden = forbiddenPaths([]);
const HAND_OVER = 'Fix the cause elsewhere, or call escalate and describe the change that a person should make.';

/**
 * The reason for denying a write, a removal or a move at an absolute path, or undefined. Give the path as it was
 * written, behind the folder it is relative to: a `..` taken away before may have stood behind a link.
 */
export function judgeWrite(scope: FixScope, path: string): Denial | undefined {
  if (DEVICES.has(path)) return undefined;
  if (scope.closed !== undefined)
    return deny(
      'scope.closed',
      `${scope.closed}, and nothing is changed any more`,
      'Stop here and answer with what the last tool of the living-context server said.',
    );
  try {
    for (const { target, name } of readings(path)) {
      const denial = judgeTarget(scope, path, target) ?? (name === target ? undefined : judgeName(scope, name));
      if (denial) return denial;
    }
    return undefined;
  } catch (error) {
    // What cannot be looked at is not let through; `lstat` has many ways of saying so.
    const why = error instanceof Error ? error.message : String(error);
    return unknown(path, error instanceof UnknownTarget ? why : `it cannot be looked at (${why})`);
  }
}

/** The reason for denying that a file or folder is read or searched, or undefined; `scope` is the open fix's, if any. */
export function judgeRead(
  scope: Pick<FixScope, 'worktree'> | undefined,
  path: string,
  home = homedir(),
): Denial | undefined {
  const instead = scope
    ? `Read below ${scope.worktree}; what a fix needs is there.`
    : 'Read the files of the repository; what a diagnosis needs is there.';
  if (/^\/proc\/[^/]+\/(task\/[^/]+\/)?(environ|mem|maps|fd|root|cwd)(\/|$)/.test(path))
    return deny('scope.outside_worktree', `${path} shows another program's memory or environment`, instead);
  try {
    for (const { target } of readings(path)) {
      if (scope && isInside(scope.worktree, target)) continue;
      const problem = showsCredentials(target, realTarget(home).target);
      if (problem) return deny('scope.outside_worktree', `${path} ${problem}`, instead);
    }
    return undefined;
  } catch (error) {
    if (error instanceof UnknownTarget) return undefined;
    throw error;
  }
}

function judgeTarget(scope: FixScope, path: string, target: string): Denial | undefined {
  if (!isInside(scope.worktree, target)) return judgeOutside(scope, path, target);
  const names = namesInside(scope.worktree, target);
  if (!names)
    return deny(
      'scope.outside_worktree',
      `${path} has another name (a hard link) outside the worktree, and both would change`,
      'Leave it as it is; changes belong in files that only the worktree has.',
    );
  for (const name of names) {
    const denial = judgeInside(scope, relative(scope.worktree, name).split(sep).join('/'), target);
    if (denial) return denial;
  }
  return undefined;
}

function judgeOutside(scope: FixScope, path: string, target: string): Denial | undefined {
  const instead = `Change files below ${scope.worktree} only.`;
  const outside = (what: string) => deny('scope.outside_worktree', what, instead);
  const folded = foldPath(target);
  const meets = [...scope.protectedFolders, scope.worktree].map(foldPath);
  const temporary = realTarget(tmpdir()).target;
  const led = target === path ? '' : ` (it leads to ${target})`;
  if (!isInside(temporary, target) || meets.some((folder) => isInside(folder, folded) || isInside(folded, folder)))
    return outside(`${path} is outside the worktree${led}`);
  const owner = ownerInTemporary(temporary, target);
  if (owner !== undefined) return outside(`${path} belongs to ${owner}${led}`);
  return hasOtherNames(target) ? outside(`${path} has another name (a hard link)${led}`) : undefined;
}

/** A name whose link leads elsewhere: removing or replacing it is a change at that name too. */
function judgeName(scope: FixScope, name: string): Denial | undefined {
  return isInside(scope.worktree, name)
    ? judgeProtected(scope, relative(scope.worktree, name).split(sep).join('/'))
    : undefined;
}

function judgeInside(scope: FixScope, inside: string, target: string): Denial | undefined {
  const denial = judgeProtected(scope, inside);
  if (denial) return denial;
  if (/(^|\/)node_modules(\/|$)/.test(inside))
    return deny(
      'scope.outside_diagnosis',
      `${inside} is an installed dependency, no part of the fix`,
      'Fix the cause in the diagnosed files, or call escalate when the dependency itself is wrong.',
    );
  // Snapshots are written by the tests beside them; the gate refuses those that were there before.
  if (scope.isTest(inside) || /(^|\/)__snapshots__(\/|$)/.test(inside)) return undefined;
  if (!scope.affectedFiles)
    return deny(
      'scope.no_diagnosis',
      `there is no diagnosis yet, so ${inside} is not in scope`,
      'Call record_diagnosis first.',
    );
  if (scope.affectedFiles.some((file) => leadsTo(join(scope.worktree, file), target))) return undefined;
  return deny(
    'scope.outside_diagnosis',
    `${inside} is not among the diagnosed files (${scope.affectedFiles.join(', ')})`,
    'Fix the cause there, or widen affected_files with record_diagnosis and a reason.',
  );
}

/** What no diagnosis opens. */
function judgeProtected(scope: FixScope, inside: string): Denial | undefined {
  const folded = foldPath(inside);
  if (inside === '' || folded.split('/').includes('.git'))
    return deny(
      'scope.git_folder',
      `${inside || 'the worktree itself'} belongs to git`,
      'Leave it as it is; propose_pr commits and publishes.',
    );
  const always = alwaysForbidden(inside);
  if (always)
    return deny('scope.always_forbidden_path', `no setting opens ${inside} (${always.pattern}) for a fix`, HAND_OVER);
  if (folded === '.self-healing' || folded.startsWith('.self-healing/'))
    return deny(
      'scope.living_context',
      `${inside} is part of the living context`,
      'Add entries with edit_context; existing ones stay as they are.',
    );
  const pattern = scope.forbiddenBy(inside) ?? scope.forbiddenBy(folded);
  if (pattern !== undefined)
    return deny(
      'scope.forbidden_path',
      `${inside} is a forbidden path (${pattern}), and only a person opens it, in guardrails.forbidden_paths`,
      HAND_OVER,
    );
  return undefined;
}

/** A diagnosed file, or a folder still to be made on the way to one. */
function leadsTo(file: string, target: string): boolean {
  const real = realTarget(file).target;
  return real === target || (isInside(target, real) && !lstatSync(target, { throwIfNoEntry: false }));
}

function unknown(path: string, why: string): Denial {
  return deny(
    'scope.unknown_path',
    `it is not known where ${path} leads: ${why}`,
    'Write the path of the file itself, below the worktree.',
  );
}

function deny(rule: Rule, what: string, next: string): Denial {
  return { rule, reason: `Denied: ${what}. ${next}` };
}
