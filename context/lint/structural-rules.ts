/** What is wrong with structural rules, as far as the files on disk tell it. */
import type { ProjectFiles } from '../detect/project-files.ts';
import { matches } from '../path-rules.ts';
import { type LawWithRules, structuralRules, type WrittenRule } from '../structure/rules.ts';
import { openSearch, type StructuralSearch } from '../structure/search.ts';

export interface RuleFault {
  rule: WrittenRule;
  code: 'invalid_rule' | 'not_checked' | 'no_files' | 'never_matches';
  message: string;
}

export async function lintRules(law: LawWithRules, files: ProjectFiles): Promise<RuleFault[]> {
  const faults: RuleFault[] = [];
  for (const rule of structuralRules(law)) {
    const fault = await faultOf(rule, files);
    if (fault) faults.push({ rule, ...fault });
  }
  return faults;
}

async function faultOf(rule: WrittenRule, files: ProjectFiles): Promise<Omit<RuleFault, 'rule'> | undefined> {
  const opened = openSearch(rule);
  if (opened.status === 'invalid') return { code: 'invalid_rule', message: `${rule.of}: ${opened.message}.` };
  if (opened.status === 'not_ready')
    return { code: 'not_checked', message: `${rule.of} was not tried. ${opened.message} ${opened.next}` };
  const { title, covers } = opened.search;
  const named = files.paths.filter((path) => covers(path) && (rule.files.length === 0 || matches(rule.files, path)));
  if (named.length === 0) {
    const where = rule.files.length === 0 ? 'The repository holds' : `${rule.files.join(', ')} names`;
    return { code: 'no_files', message: `${rule.of} is about ${title}. ${where} no file of it.` };
  }
  if (rule.must === 'not_match' || (await isAnywhere(opened.search, named, files))) return undefined;
  const count = named.length === 1 ? 'the one file' : `none of the ${named.length} files`;
  return {
    code: 'never_matches',
    message: `${rule.of} wants code that ${named.length === 1 ? `${count} it is about does not hold` : `${count} it is about holds`}.`,
  };
}

async function isAnywhere(search: StructuralSearch, paths: readonly string[], files: ProjectFiles): Promise<boolean> {
  for (const path of paths) if (search.find(path, (await files.read(path)) ?? '').length > 0) return true;
  return false;
}
