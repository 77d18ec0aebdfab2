/**
 * Rules that a project's own types and schemas state, drafted for a person to look at: API descriptions and JSON Schemas
 * that others read, modules whose enums and unions others import, zod enums. Each has an executable check and holds now.
 */
import { posix } from 'node:path';
import type { Graph } from '../impact/graph.ts';
import type { Sources } from '../impact/sources.ts';
import type { DraftInvariant } from '../init/draft-invariants.ts';
import { exportedApi } from '../structure/exports.ts';

export interface LearnedInvariant extends DraftInvariant {
  /** `src/status.ts:3` */
  from: string;
}

export interface Contracts {
  drafts: LearnedInvariant[];
  /** What could be no draft, and why. */
  leftOut: { what: string; why: string }[];
}

const MOST_OF_A_KIND = 4;
const ASIDE = /(^|\/)(?:node_modules|dist|build|vendor|examples?|fixtures?|\.[^/]+)\/|\.d\.ts$/;
const TYPESCRIPT = /\.[mc]?tsx?$/;
const OPENAPI = /(^|\/)(?:openapi|swagger)[^/]*\.(?:ya?ml|json)$/i;
const JSON_SCHEMA = /\.schema\.json$|(^|\/)schemas?\/[^/]+\.json$/i;
const LITERALS = String.raw`(?:'[^'\n]*'|"[^"\n]*")`;
const EXPORTED_VALUES = new RegExp(
  String.raw`^export\s+(?:declare\s+)?(?:(?:const\s+)?enum\s+(\w+)|type\s+(\w+)\s*=\s*\|?\s*${LITERALS}(?:\s*\|\s*${LITERALS})+)`,
  'gm',
);
const ZOD_ENUM = new RegExp(
  String.raw`\bconst\s+(\w+)\s*=\s*z\s*\.\s*enum\(\s*\[\s*(${LITERALS}(?:\s*,\s*${LITERALS})*)\s*,?\s*\]`,
  'g',
);

export async function contracts(
  { files, read }: Sources,
  graph: Pick<Graph, 'importersOf'>,
  isTest: (path: string) => boolean,
): Promise<Contracts> {
  const own = files.filter((path) => !isTest(path) && !ASIDE.test(path));
  const leftOut: Contracts['leftOut'] = [];
  const typed = own
    .filter((path) => TYPESCRIPT.test(path))
    .map((path) => ({ path, text: read(path) ?? '', importers: graph.importersOf(path).filter((one) => !isTest(one)) }))
    .sort((a, b) => b.importers.length - a.importers.length || (a.path < b.path ? -1 : 1));

  const exported: LearnedInvariant[] = [];
  for (const { path, text, importers } of typed) {
    const values = [...text.matchAll(EXPORTED_VALUES)];
    const [first] = values;
    // What nobody else imports is no contract.
    if (first === undefined || importers.length === 0 || exported.length === MOST_OF_A_KIND) continue;
    const names = values.map(([, asEnum, asUnion]) => asEnum ?? asUnion ?? '');
    const api = await exportedApi(path, async (file) => read(file));
    if (api.status === 'read' && api.entries.size > 0)
      exported.push({
        ...draft(`what ${path} exports stays as it is (${names.slice(0, 5).join(', ')})`, [path]),
        check: { unchanged: { exports: path } },
        why: `${names.length === 1 ? 'a fixed set of values' : `${names.length} fixed sets of values`}, imported by ${counted(importers.length)}`,
        from: at(path, text, first.index),
      });
    else
      leftOut.push({
        what: `the exports of ${path}`,
        why: api.status === 'unreadable' ? [api.message, api.next].filter(Boolean).join('. ') : 'nothing is exported',
      });
  }
  return { drafts: [...descriptions(own, read), ...exported, ...zodEnums(typed)], leftOut };
}

function draft(rule: string, files: string[]): Pick<DraftInvariant, 'rule' | 'severity' | 'category' | 'files'> {
  return { rule, severity: 'warning', category: 'contract', files };
}

function counted(files: number): string {
  return files === 1 ? 'one file' : `${files} files`;
}

function at(path: string, text: string, index: number): string {
  return `${path}:${text.slice(0, index).split('\n').length}`;
}

/** Files that other programs read. */
function descriptions(files: readonly string[], read: Sources['read']): LearnedInvariant[] {
  const apis = files.filter(
    (path) => OPENAPI.test(path) && /^\s*["']?(?:openapi|swagger)["']?\s*:/m.test(read(path) ?? ''),
  );
  const schemas = files.filter((path) => JSON_SCHEMA.test(path) && /"\$schema"\s*:/.test(read(path) ?? ''));
  const folders = [...new Set(schemas.map((path) => posix.dirname(path)))].sort();
  return [
    ...apis.slice(0, MOST_OF_A_KIND).map((path) => ({
      ...draft(`the API that ${path} describes stays as it is`, [path]),
      check: { unchanged: { paths: [path] } },
      why: 'an API description: other programs are written against it',
      from: `${path}:1`,
    })),
    ...folders.slice(0, MOST_OF_A_KIND).map((folder) => {
      const paths = schemas.filter((path) => posix.dirname(path) === folder);
      return {
        ...draft(`the JSON Schemas in ${folder === '.' ? 'the root' : folder} stay as they are`, paths),
        check: { unchanged: { paths } },
        why: `${paths.length === 1 ? 'a JSON Schema' : `${paths.length} JSON Schemas`}: data of others is checked against it`,
        from: `${paths[0]}:1`,
      };
    }),
  ];
}

function zodEnums(typed: readonly { path: string; text: string }[]): LearnedInvariant[] {
  return typed
    .flatMap(({ path, text }) =>
      [...text.matchAll(ZOD_ENUM)].map((match): LearnedInvariant => {
        const [, name = '', list = ''] = match;
        const values = (list.match(new RegExp(LITERALS, 'g')) ?? []).map((value) => value.slice(1, -1));
        const regex = String.raw`\b${name}\s*=\s*z\s*\.\s*enum\(\s*\[\s*${values.map(quotedValue).join(String.raw`\s*,\s*`)}\s*,?\s*\]`;
        return {
          ...draft(`${name} in ${path} keeps its values: ${values.join(', ')}`.slice(0, 200), [path]),
          check: { pattern: { regex, must: 'match' } },
          why: 'a zod enum: input from outside is checked against it',
          from: at(path, text, match.index),
        };
      }),
    )
    .filter(({ check, files: [path = ''] }) => holds(check, typed.find((file) => file.path === path)?.text ?? ''))
    .slice(0, MOST_OF_A_KIND);
}

function quotedValue(value: string): string {
  return `['"]${value.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}['"]`;
}

/** As the gate looks for it. */
function holds({ pattern }: DraftInvariant['check'], text: string): boolean {
  const { regex } = pattern as { regex: string };
  return new RegExp(regex, 'm').test(text);
}
