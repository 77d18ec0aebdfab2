/** Holds every path that a command writes against the scope of the fix. */
import { isAbsolute, join } from 'node:path';
import type { Denial } from '../rules.ts';
import type { SimpleCommand, Word } from '../shell.ts';
import { applied, gitTargets, readGit } from '../write-targets/git-words.ts';
import { fillsDependencies } from '../write-targets/installers.ts';
import { linkSources } from '../write-targets/links.ts';
import { type WriteTarget, writeTargets } from '../write-targets.ts';
import { type CommandFiles, type CommandPolicy, clip, denial } from './policy.ts';

const NOT_DIAGNOSED = /^scope\.(outside_diagnosis|no_diagnosis)$/;

export function judgeWrites(
  command: SimpleCommand,
  name: string,
  policy: CommandPolicy,
  files: CommandFiles,
): Denial | undefined {
  const folder = command.folder === undefined ? '' : command.folder;
  for (const target of writeTargets(command, name)) {
    const problem = judgeTarget(target, folder, policy, files, target.placeOnly === true);
    if (problem) return problem;
  }
  const isFolder = (path: string) => files.isFolder(absolute(path, folder) ?? '');
  for (const source of linkSources(command, name, isFolder)) {
    const problem = judgeTarget(source, folder, policy, files, true);
    if (problem) return problem;
  }
  const git = /^git(-.+)?$/.test(name) ? readGit(command, folder) : undefined;
  const read = (file: Word | undefined) => (file?.literal ? files.read(absolute(file.text, folder) ?? '') : undefined);
  const stdin = command.stdinUnknown
    ? undefined
    : (command.stdin ?? read(command.redirects.find(({ operator }) => operator === '<')?.target));
  const patched = git ? gitTargets(git, read, stdin) : name === 'patch' ? patchTargets(command, read, stdin) : [];
  for (const target of patched) {
    const problem = judgeTarget(target, git ? git.folder : folder, policy, files, 'takesBack' in target);
    if (problem) return problem;
  }
  if (fillsDependencies(command, name))
    return denial(
      'scope.outside_worktree',
      `\`${name}\` would change installed dependencies, which the worktree shares with the main checkout`,
      'They are in place already: run the tests. A lock file alone is changed by `npm install --package-lock-only`.',
    );
  return undefined;
}

function patchTargets(
  command: SimpleCommand,
  read: (file: Word | undefined) => string | undefined,
  stdin: string | undefined,
): Word[] {
  const words = command.words.slice(1);
  if (words.some((word) => /^(--dry-run|-C|--check)$/.test(word.text))) return [];
  const input = words.find((_, index) => /^(-i|--input)$/.test(words[index - 1]?.text ?? ''));
  const operands = words.filter(
    (word, index) => !word.text.startsWith('-') && !/^(-i|-p|-d|-o|-r)$/.test(words[index - 1]?.text ?? ''),
  );
  return operands.length > 0 ? operands.slice(0, 1) : applied(input ? [input] : [], read, stdin);
}

function judgeTarget(
  target: WriteTarget,
  folder: string | null,
  policy: CommandPolicy,
  files: CommandFiles,
  placeOnly: boolean,
): Denial | undefined {
  const paths = pathsOf(target, folder, files);
  if (paths === undefined)
    return denial(
      'scope.unknown_path',
      `it writes to "${clip(target.text)}", and the path is only known when it runs`,
      'Write the path plainly.',
    );
  const inner = paths.flatMap((path) => {
    const into = target.into && (path.endsWith('/') || files.isFolder(path)) ? target.into : [];
    return into.length > 0 ? into.map((name) => `${path.replace(/\/+$/, '')}/${name}`) : [path];
  });
  for (const path of inner) {
    if (join(path).replace(/\/$/, '') === policy.worktree)
      return denial(
        'scope.outside_diagnosis',
        'it would change every file of the worktree',
        'Name the diagnosed files and tests that it should change.',
      );
    const problem = policy.judgeWrite(path);
    if (problem && !(placeOnly && NOT_DIAGNOSED.test(problem.rule))) return problem;
  }
  return undefined;
}

/** Absolute paths; none for what is no file; undefined when they cannot be known. A `..` stays: it may stand behind a link. */
function pathsOf(word: Word, folder: string | null, files: CommandFiles): string[] | undefined {
  const { text } = word;
  if (text === '' || word.produces !== undefined) return [];
  if (/^\/dev\/(null|stdout|stderr|tty|fd\/\d+)$/.test(text) || /^-$/.test(text)) return [];
  if (!word.literal && !word.glob) return undefined;
  const path = absolute(text, folder);
  if (path === undefined) return undefined;
  if (word.literal) return [path];
  const matches = files.matches(path);
  // Where it cannot be looked up, the folder before the pattern stands for all in it.
  return matches && matches.length > 0 ? matches : [path.replace(/[^/]*[*?[{(].*$/s, '') || '/'];
}

function absolute(text: string, folder: string | null): string | undefined {
  if (isAbsolute(text)) return text;
  return folder === null ? undefined : folder === '' ? join(text) : `${folder}/${text}`;
}
