/** The parts of a git command line, and the paths in the worktree that it changes. */
import { join } from 'node:path';
import { programName } from '../shell/program-name.ts';
import type { SimpleCommand, Word } from '../shell.ts';

export interface GitWords {
  global: { option: string; value: Word }[];
  sub: Word | undefined;
  rest: Word[];
  /** Where it works after `-C`; null when that is only known when it runs. */
  folder: string | null;
}

/** A path that git changes. */
export interface GitTarget extends Word {
  /** It only takes back what was changed since the last commit. */
  takesBack?: boolean;
}

const GLOBAL_WITH_VALUE =
  /^(-C|-c|--git-dir|--work-tree|--namespace|--exec-path|--config-env|--super-prefix|--attr-source|--list-cmds)$/;
const NONE: Word = { text: '', literal: true };

export function readGit(command: SimpleCommand, start: string | null): GitWords {
  const program = programName(command.words[0]);
  const words = command.words.slice(1);
  const global: GitWords['global'] = [];
  let folder = start;
  let at = 0;
  // `git-push` is `git push`.
  const own = /^git-(.+)$/.exec(program)?.[1];
  for (; own === undefined && at < words.length && words[at]?.text.startsWith('-'); at++) {
    const word = words[at] ?? NONE;
    const [, head = word.text, attached] = /^(--[\w-]+)=(.*)$/s.exec(word.text) ?? [];
    if (!GLOBAL_WITH_VALUE.test(head)) continue;
    const value = attached === undefined ? (words[++at] ?? NONE) : { ...word, text: attached };
    global.push({ option: head, value });
    if (head === '-C')
      folder =
        !value.literal || folder === null
          ? null
          : value.text.startsWith('/')
            ? join(value.text)
            : join(folder, value.text);
  }
  if (own !== undefined) return { global, sub: { text: own, literal: true }, rest: words, folder };
  return { global, sub: words[at], rest: words.slice(at + 1), folder };
}

export function gitTargets(
  git: GitWords,
  patch: (file: Word | undefined) => string | undefined,
  stdin: string | undefined,
): GitTarget[] {
  const sub = git.sub?.text ?? '';
  const texts = git.rest.map((word) => word.text);
  switch (sub) {
    case 'rm':
      return texts.includes('--cached') || texts.some((text) => /^(-n|--dry-run)$/.test(text)) ? [] : paths(git.rest);
    case 'mv':
      return paths(git.rest);
    case 'clean':
      return texts.some((text) => /^(-[a-zA-Z]*n|--dry-run)/.test(text)) ? [] : paths(git.rest);
    case 'restore':
      if (texts.some((text) => /^(--staged|-S)$/.test(text)) && !texts.some((text) => /^(--worktree|-W)$/.test(text)))
        return [];
      return restored(git.rest);
    case 'checkout':
      return checkedOut(git.rest);
    case 'apply':
      if (texts.some((text) => /^(--check|--stat|--numstat|--summary|--cached)$/.test(text))) return [];
      return applied(paths(git.rest), patch, stdin);
    case 'merge-file':
      return texts.some((text) => /^(-p|--stdout|--object-id)$/.test(text)) ? [] : paths(git.rest).slice(0, 1);
    case 'interpret-trailers':
      return texts.some((text) => /^--in/.test(text)) ? paths(git.rest) : [];
    case 'fast-export':
      return texts.flatMap((text) => {
        const file = /^--export-marks=(.*)$/s.exec(text)?.[1];
        return file === undefined ? [] : [{ text: file, literal: true }];
      });
    case 'format-patch':
      return texts.some((text) => /^(--stdout|-o|--output-directory)/.test(text)) ? [] : [{ text: '.', literal: true }];
    default:
      return [];
  }
}

function paths(words: readonly Word[]): Word[] {
  return words.filter((word) => !word.text.startsWith('-'));
}

function restored(words: readonly Word[]): GitTarget[] {
  const at = words.findIndex((word) => /^(-s|--source)$/.test(word.text));
  const source =
    at >= 0
      ? words[at + 1]?.text
      : words.find((word) => /^(-s.|--source=)/.test(word.text))?.text.replace(/^(--source=|-s)/, '');
  const targets = paths(words.filter((_, index) => at < 0 || index !== at + 1));
  return targets.map((word) =>
    source === undefined || /^(HEAD|@)$/.test(source) ? { ...word, takesBack: true } : word,
  );
}

function checkedOut(words: readonly Word[]): GitTarget[] {
  const split = words.findIndex((word) => word.text === '--');
  const before = paths(split < 0 ? words : words.slice(0, split));
  const after = split < 0 ? [] : words.slice(split + 1);
  const [first, ...others] = before;
  const current = first === undefined || /^(HEAD|@)$/.test(first.text);
  if (split >= 0) return after.map((word) => (current ? { ...word, takesBack: true } : word));
  if (others.length === 0) return first && /[./*]/.test(first.text) ? [{ ...first, takesBack: true }] : [];
  // `checkout HEAD a b`, or `checkout a b`.
  return current ? others.map((word) => ({ ...word, takesBack: true })) : before;
}

/** The files that a patch names; a patch that cannot be read is an unknown path. */
export function applied(
  files: readonly Word[],
  patch: (file: Word | undefined) => string | undefined,
  stdin: string | undefined,
): Word[] {
  const texts = files.length > 0 ? files.map((file) => patch(file)) : [stdin];
  return texts.flatMap((text) => {
    const named =
      text === undefined
        ? []
        : [...text.matchAll(/^(?:\+\+\+|---|rename (?:from|to)|copy to) (?:"?[abciow]\/)?([^\t\n"]+)/gm)].map(
            ([, path = '']) => path,
          );
    const known = named.filter((path) => path !== '/dev/null').map((path) => ({ text: path.trim(), literal: true }));
    return known.length > 0 ? known : [{ text: 'the files of a patch', literal: false }];
  });
}
