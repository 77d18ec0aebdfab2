/** Scenarios that call what is not there: a module that no engine loads, an export that its module does not have. */
import { exportedApi } from '../structure/exports.ts';
import { grammarOf, languageNamed } from '../structure/languages.ts';
import { finding, type LintFinding } from './finding.ts';
import type { Subject } from './subject.ts';

export async function callFaults({ law, places, project }: Subject): Promise<LintFinding[]> {
  const findings: LintFinding[] = [];
  for (const { id, origin, call } of law.scenarios) {
    if (call === undefined) continue;
    if (!isModule(call.module)) {
      const message = `Scenario ${id} cannot run: ${call.module} is no module of JavaScript or TypeScript.`;
      findings.push(finding(places.value(origin, 'call', 'module'), 'not_callable', message));
      continue;
    }
    const names = await exportedNames(call.module, project.read);
    if (names === undefined || names.includes(call.export)) continue;
    const has = names.length === 0 ? 'exports nothing' : `exports ${some(names)}`;
    const message = `Scenario ${id} cannot run: ${call.module} has no export ${JSON.stringify(call.export)}; it ${has}.`;
    findings.push(finding(places.value(origin, 'call', 'export'), 'no_export', message));
  }
  return findings;
}

function isModule(path: string): boolean {
  return ['typescript', 'javascript'].some((name) => {
    const language = languageNamed(name);
    return language !== undefined && grammarOf(language, path) !== undefined;
  });
}

/** Undefined where they cannot be known: no such file, not understood, from a package, or made while it runs. */
async function exportedNames(
  module: string,
  read: (path: string) => Promise<string | undefined>,
): Promise<string[] | undefined> {
  const api = await exportedApi(module, read);
  if (api.status !== 'read') return undefined;
  const names = [...api.entries.keys()];
  if (names.some((name) => name.startsWith('* from ') || name === 'export =' || name.startsWith('...')))
    return undefined;
  const text = (await read(module)) ?? '';
  const isCommonJs = /\bexports\b/.test(text) && !/^\s*export\b/m.test(text);
  if (isCommonJs)
    return names.length === 0 || /\bObject\.assign\(|\bexports\[/.test(text) ? undefined : [...names, 'default'];
  return names;
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, 8).join(', ');
  return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown;
}
