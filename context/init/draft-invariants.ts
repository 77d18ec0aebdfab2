/**
 * Rules that the project keeps already, drafted for a person to look at. Each is derived from its files alone, has an
 * executable check, and holds on the files as they are; none is a guess about its business.
 */
import { posix } from 'node:path';
import type { Sources } from '../impact/sources.ts';
import { matches } from '../path-rules.ts';

export interface DraftInvariant {
  rule: string;
  severity: 'critical' | 'warning';
  category: string;
  files: string[];
  check: Record<string, unknown>;
  /** The fact it comes from, for a comment. */
  why: string;
}

const MOST = 8;
/** With fewer files a habit is no rule. */
const ENOUGH = 4;
const MOST_ROOTS = 6;

interface Language {
  extension: RegExp;
  glob: string;
  habits: { rule: string; category: string; regex: string; test: string }[];
}

const LANGUAGES: Language[] = [
  {
    extension: /\.[mc]?[jt]sx?$/,
    glob: '*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}',
    habits: [
      {
        rule: 'no text is run as code',
        category: 'security',
        regex: '(?<![.\\w])eval\\s*\\(|new Function\\s*\\(',
        test: 'eval',
      },
      {
        rule: 'nothing is written to the console by hand',
        category: 'logging',
        regex: 'console\\.(?:log|debug)\\s*\\(',
        test: 'console.log',
      },
      {
        rule: 'no file takes itself out of the type check',
        category: 'types',
        regex: '@ts-(?:ignore|nocheck)\\b',
        test: '@ts-ignore',
      },
    ],
  },
  {
    extension: /\.py$/,
    glob: '*.py',
    habits: [
      {
        rule: 'no text is run as code',
        category: 'security',
        regex: '(?<![.\\w])(?:eval|exec)\\s*\\(',
        test: 'eval or exec',
      },
      { rule: 'nothing is printed by hand', category: 'logging', regex: '^\\s*print\\s*\\(', test: 'print' },
    ],
  },
];

/** `isTest` tells tests from sources. */
export function draftInvariants({ files, read }: Sources, isTest: (path: string) => boolean): DraftInvariant[] {
  const drafts = [...unchangedMigrations(files)];
  for (const { extension, glob, habits } of LANGUAGES) {
    const sources = files.filter((path) => extension.test(path) && !isTest(path) && !ASIDE.test(path));
    const globs = rootsOf(sources).map((root) => (root === '.' ? glob : `${root}/**/${glob}`));
    const covered = files.filter((path) => globs.length > 0 && matches(globs, path));
    if (covered.length < ENOUGH) continue;
    const texts = covered.map((path) => read(path) ?? '');
    drafts.push(...licence(globs, texts));
    for (const { rule, category, regex, test } of habits) {
      if (test === '@ts-ignore' && !covered.some((path) => /tsx?$/.test(path))) continue;
      if (texts.some((text) => new RegExp(regex, 'm').test(text))) continue;
      const why = `none of the ${covered.length} files has ${test}`;
      drafts.push({
        rule,
        severity: 'warning',
        category,
        files: globs,
        check: { pattern: { regex, must: 'not_match' } },
        why,
      });
    }
  }
  return drafts.slice(0, MOST);
}

const ASIDE =
  /(^|\/)(?:node_modules|dist|build|vendor|scripts|tools|bin|examples?|fixtures?|docs)\/|(^|\/)[^/]*\.config\.\w+$|\.d\.ts$/;
const MIGRATIONS = /^((?:[^/]+\/)*(?:migrations|db\/migrate|alembic\/versions))\/[^/]*\d[^/]*\.\w+$/;

function unchangedMigrations(files: readonly string[]): DraftInvariant[] {
  const folders = [...new Set(files.flatMap((path) => MIGRATIONS.exec(path)?.[1] ?? []))].sort();
  if (folders.length === 0) return [];
  const paths = folders.slice(0, MOST_ROOTS).map((folder) => `${folder}/**`);
  return [
    {
      rule: 'migrations that exist do not change, and none comes with a fix',
      severity: 'critical',
      category: 'data',
      files: paths,
      check: { unchanged: { paths } },
      why: `${folders.join(', ')} holds migrations`,
    },
  ];
}

/** That the lock file says what package.json asks for; it holds when `command` succeeds. */
export function lockFileInvariant(
  paths: readonly string[],
): { command: string; invariant: DraftInvariant } | undefined {
  if (!paths.includes('package-lock.json')) return undefined;
  const command = 'npm ls --all --package-lock-only';
  return {
    command,
    invariant: {
      rule: 'the lock file holds what package.json asks for',
      severity: 'warning',
      category: 'dependencies',
      files: ['package-lock.json', '**/package.json'],
      check: { command },
      why: 'it was so when init tried',
    },
  };
}

/** Where every file begins with the same words about its licence. */
function licence(globs: string[], texts: readonly string[]): DraftInvariant[] {
  const heads = texts.map(
    (text) => /^.{0,8}(?:SPDX-License-Identifier: \S+|Copyright\b[^\n]*)/m.exec(text.slice(0, 400))?.[0],
  );
  const [first] = heads;
  const words = first === undefined ? undefined : /SPDX-License-Identifier: \S+|Copyright\b.*/.exec(first)?.[0];
  if (words === undefined || !heads.every((head) => head?.includes(words))) return [];
  const regex = words.trim().replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  return [
    {
      rule: 'every source file names its licence',
      severity: 'warning',
      category: 'licence',
      files: globs,
      check: { pattern: { regex, must: 'match' } },
      why: `each of the ${texts.length} files does`,
    },
  ];
}

/** The folders that hold the sources: up to and with `src` where there is one, else the first; empty when they are many. */
function rootsOf(paths: readonly string[]): string[] {
  const roots = new Set(
    paths.map((path) => {
      const folders = posix.dirname(path).split('/');
      const at = folders.indexOf('src');
      return folders.slice(0, at < 0 ? 1 : at + 1).join('/');
    }),
  );
  // Scripts beside the folders of sources are no part of the service.
  if (roots.size > 1) roots.delete('.');
  return roots.size > MOST_ROOTS ? [] : [...roots].sort();
}
