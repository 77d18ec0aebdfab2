/**
 * Tests that replace the very code that is repaired: what is green then is the replacement. A mock of what the repaired
 * code calls is none of it, so a Python name has to be defined in the repaired module, and a spy has to replace.
 */
import { posix } from 'node:path';
import type { Tampering, TestChange } from './test-change.ts';

/** A source file that the fix changes. */
export interface Subject {
  path: string;
  newText: string;
}

const MODULE_MOCK =
  /\b(?:(?:jest|vi|vitest)\s*\.\s*(?:mock|doMock|setMock|unstable_mockModule)|mock\s*\.\s*module|(?:td|testdouble)\s*\.\s*replace(?:Esm)?|mockery\s*\.\s*registerMock)\s*\(\s*(?:import\s*\(\s*)?(['"`])([^'"`\n]+)\1/g;
/** A mock that keeps the rest of the module, or all of it. */
const KEEPS = /\b(?:importOriginal|importActual|requireActual)\b|\bspy\s*:\s*true\b/;
const REPLACED =
  /\b(?:spyOn|stub|replace)\s*\(\s*([\w$]+)\s*,\s*['"`][\w$]+['"`]\s*(?:\)\s*\.\s*(?:mock(?:Return|Resolved|Rejected|Implementation)\w*|returns|resolves|rejects|callsFake|throws)\b|,)/g;
const IMPORT =
  /\bimport\s+(?:type\s+)?([\w$*{}\s,]+?)\s+from\s*(['"])([^'"\n]+)\2|\b(?:const|let|var)\s+([\w$]+|\{[^}]*\})\s*=\s*(?:await\s+import|require)\s*\(\s*(['"])([^'"\n]+)\5/g;

const PATCH = /\b(?:patch|setattr|delattr)\s*\(\s*f?(['"])([\w.]+)\1/g;
const PATCH_OBJECT = /\b(?:patch\s*\.\s*object|setattr|patch\s*\.\s*multiple)\s*\(\s*([\w.]+)\s*,\s*(['"])(\w+)\2/g;

export function findMockedSubject(change: TestChange, subjects: readonly Subject[]): Tampering[] {
  const { path, newText } = change;
  const hits = /\.pyi?$/.test(path) ? pythonMocks(newText, subjects) : javaScriptMocks(path, newText, subjects);
  for (const { index, subject } of hits) {
    const line = newText.slice(0, index).split('\n').length;
    if (!change.added.has(line)) continue;
    return [
      {
        code: 'mocked_subject',
        line,
        message: `Line ${line} of ${path} replaces code of ${subject}, which this fix changes: what is tested then is the replacement.`,
        next: `Test ${subject} as it is; mock only what it calls in other modules.`,
      },
    ];
  }
  return [];
}

interface Hit {
  index: number;
  subject: string;
}

function javaScriptMocks(path: string, text: string, subjects: readonly Subject[]): Hit[] {
  const known = new Map(subjects.flatMap((one) => moduleNames(one.path).map((name) => [name, one.path] as const)));
  const subjectOf = (specifier: string) => {
    if (specifier.startsWith('.')) return known.get(moduleNames(posix.join(posix.dirname(path), specifier))[0] ?? '');
    // An alias of the project's own root, such as `@/` or `#`; a package's name has none of these.
    const inner = /^(?:@\/|~\/|#\/?|(?=src\/|lib\/))(.+)$/.exec(specifier)?.[1];
    const name = inner === undefined ? undefined : moduleNames(inner)[0];
    return [...known].find(([module]) => module === name || module.endsWith(`/${name}`))?.[1];
  };
  const hits: Hit[] = [];
  for (const match of text.matchAll(MODULE_MOCK)) {
    const subject = subjectOf(match[2] ?? '');
    // As far as the next mock, or a bit.
    const call = text
      .slice(match.index + match[0].length, match.index + 600)
      .split(/\b(?:vi|jest)\.(?:do)?[mM]ock\(/)[0];
    if (subject !== undefined && !KEEPS.test(call ?? '')) hits.push({ index: match.index, subject });
  }
  const imported = new Map<string, string>();
  for (const match of text.matchAll(IMPORT)) {
    const subject = subjectOf(match[3] ?? match[6] ?? '');
    if (subject === undefined) continue;
    for (const [name] of (match[1] ?? match[4] ?? '').replace(/[\w$]+\s+as\s+|[\w$]+\s*:\s*/g, '').matchAll(/[\w$]+/g))
      imported.set(name, subject);
  }
  for (const match of text.matchAll(REPLACED)) {
    const subject = imported.get(match[1] ?? '');
    if (subject !== undefined) hits.push({ index: match.index, subject });
  }
  return hits;
}

/** A module by its path without extension, and by its folder where it is the folder's index. */
function moduleNames(path: string): string[] {
  const bare = path.replace(/\.(?:d\.)?[cm]?[jt]sx?$/, '');
  return bare.endsWith('/index') ? [bare, bare.slice(0, -'/index'.length)] : [bare];
}

function pythonMocks(text: string, subjects: readonly Subject[]): Hit[] {
  const hits: Hit[] = [];
  for (const { path, newText } of subjects) {
    if (!path.endsWith('.py')) continue;
    const module = path
      .replace(/(?:\/__init__)?\.py$/, '')
      .replace(/^(?:src|lib)\//, '')
      .replaceAll('/', '.');
    const defines = (name: string | undefined) =>
      name !== undefined &&
      new RegExp(`^(?:(?:async\\s+)?def|class)\\s+${name}\\b|^${name}\\s*[:=]`, 'm').test(newText);
    const inModule = (dotted: string) =>
      dotted.startsWith(`${module}.`) ? dotted.slice(module.length + 1).split('.')[0] : undefined;
    for (const match of text.matchAll(PATCH))
      if (defines(inModule(match[2] ?? ''))) hits.push({ index: match.index, subject: path });
    for (const match of text.matchAll(PATCH_OBJECT)) {
      const [, object = '', , attribute] = match;
      const whole = namedBy(text, object);
      if (whole === module ? defines(attribute) : defines(inModule(whole)))
        hits.push({ index: match.index, subject: path });
    }
  }
  return hits;
}

/** The dotted path of a name that a Python text imports; itself when it does not. */
function namedBy(text: string, name: string): string {
  for (const [, from, names = ''] of text.matchAll(/^\s*from\s+([\w.]+)\s+import\s+\(?([^\n#()]+)/gm))
    for (const one of names.split(',')) {
      const [original = '', alias = original] = one.trim().split(/\s+as\s+/);
      if (alias === name) return `${from}.${original}`;
    }
  const alias = new RegExp(`^\\s*import\\s+([\\w.]+)\\s+as\\s+${name.replaceAll('.', '\\.')}\\s*$`, 'm').exec(text);
  return alias?.[1] ?? name;
}
