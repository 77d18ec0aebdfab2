/** Whether `import … from` and `export … from` need a module's code or only its types, by the words between. */
import type { ImportKind } from '../../language.ts';

const KEYWORD = /(?<![\w$.])(?:import|export)(?![\w$])/g;
const COMMENTS = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
/** `import type A from`, but not `import type from` and `import type, { A } from`, where `type` is a name. */
const TYPE_ONLY = /^(?:import|export)\s+type(?=\s*[{*]|\s+(?!from\b\s*$)[\p{L}_$])/u;
const NAMED = /^(?:import|export)\s*\{([^}]*)\}\s*$/;
/** A clause longer than this is none. */
const LONGEST = 20_000;

/** @param start where the last specifier ended. @param end index of `from`. */
export function clauseKind(text: string, start: number, end: number): ImportKind {
  if (end - start > LONGEST) return 'value';
  const before = text.slice(start, end);
  if (!before.includes('type')) return 'value';
  const clause = before.replace(COMMENTS, ' ');
  let keyword = -1;
  for (const { index } of clause.matchAll(KEYWORD)) keyword = index;
  if (keyword < 0) return 'value';
  const words = clause.slice(keyword).trimEnd();
  if (TYPE_ONLY.test(words)) return 'type';
  const names = NAMED.exec(words)?.[1]
    ?.split(',')
    .filter((name) => name.trim() !== '');
  return names !== undefined && names.length > 0 && names.every(isInlineType) ? 'type' : 'value';
}

/** `type A`, `type A as B`; not `type` and `type as A`, which are names. `type as as A` is a type called `as`. */
function isInlineType(name: string): boolean {
  return /^\s*type\s+(?!as\b(?!\s+as\b))[\p{L}_$"']/u.test(name);
}
