/**
 * bkit's living context in our terms. What we have no place for stands in a comment above its entry; what is computed here
 * is named and left out. Pure but for the shape of what was read.
 */
import type { Layer } from '../edit.ts';
import type { BkitFile } from './bkit-files.ts';

export interface ImportedEntry {
  layer: Layer;
  /** In the words of its file: `docs/02-design/scenarios/auth.scenarios.yaml, S001`. */
  from: string;
  entry: Record<string, unknown>;
  module?: string;
  files?: string[];
  /** Lines. */
  comment: string[];
}

export interface Imported {
  entries: ImportedEntry[];
  leftOut: { what: string; why: string }[];
}

type Item = Record<string, unknown>;

const SCENARIO_KEYS = ['name', 'kind', 'input', 'expected', 'why', 'constraint', 'tags', 'test_command', 'timeout'];

export function importBkit(files: readonly BkitFile[]): Imported {
  const result: Imported = { entries: [], leftOut: [] };
  for (const file of files) {
    if (!file.parsed.ok) result.leftOut.push({ what: file.name, why: `it cannot be read: ${file.parsed.why}` });
    else if (file.layer === 'impact') impact(file.name, file.parsed.value, result);
    else itemsOf(file, result);
  }
  return result;
}

function itemsOf({ name, layer, parsed }: BkitFile, result: Imported): void {
  if (!parsed.ok) return;
  const document = isItem(parsed.value) ? parsed.value : {};
  const list = document[layer];
  if (!Array.isArray(list)) {
    result.leftOut.push({ what: name, why: `it has no list ${layer}` });
    return;
  }
  list.forEach((item: unknown, index) => {
    const id = isItem(item) ? text(item.id) : '';
    const from = `${name}, ${id || `entry ${index + 1}`}`;
    if (!isItem(item) || id === '') {
      result.leftOut.push({ what: from, why: 'it has no id' });
      return;
    }
    const comment = [`From ${from} of bkit.`, ...parsed.commentsOf(layer, index)];
    const made =
      layer === 'scenarios'
        ? scenario(document, name, item)
        : layer === 'invariants'
          ? invariant(item)
          : incident(item);
    result.entries.push({ layer, from, ...made, comment: [...comment, ...made.comment] });
  });
}

type Made = Omit<ImportedEntry, 'layer' | 'from'>;

function scenario(document: Item, file: string, item: Item): Made {
  const module = text(document.module) || (file.split(/[\\/]/).at(-1) ?? file).replace(/(?:\.scenarios)?\.ya?ml$/, '');
  const description = text(item.description);
  const kept = Object.fromEntries(SCENARIO_KEYS.flatMap((key) => (isGiven(item[key]) ? [[key, item[key]]] : [])));
  const named = text(item.name) !== '';
  return {
    entry: { id: text(item.id), ...kept, name: text(item.name) || description || text(item.id) },
    module,
    files: [document.file, document.files]
      .flat()
      .filter((path): path is string => typeof path === 'string' && path !== ''),
    comment: [
      ...(named && description !== '' ? [`Description: ${description}`] : []),
      ...others(item, ['id', 'description', ...SCENARIO_KEYS]),
      ...others(document, ['version', 'module', 'file', 'files', 'scenarios']),
    ],
  };
}

function invariant(item: Item): Made {
  const severity = text(item.severity);
  const known = severity === 'critical' || severity === 'warning';
  return {
    entry: {
      id: text(item.id),
      rule: text(item.rule) || text(item.id),
      severity: known ? severity : 'warning',
      ...given('category', text(item.category)),
      ...given('files', list(item.files)),
      // A condition in words or code that nothing here executes: documentation, until a person gives it a check.
      ...given('check', text(item.check)),
    },
    comment: [
      ...(known || severity === '' ? [] : [`Severity there: ${severity}`]),
      ...others(item, ['id', 'rule', 'severity', 'category', 'files', 'check']),
    ],
  };
}

function incident(item: Item): Made {
  const id = text(item.id);
  const date = /^\d{4}-\d{2}-\d{2}/.exec(text(item.date))?.[0];
  return {
    entry: {
      id: id.startsWith('INC-') ? id : `INC-${id}`,
      ...given('date', date),
      error: text(item.error) || text(item.title) || id,
      ...given('files', [...list(item.file), ...list(item.files)]),
      ...given('root_cause', text(item.root_cause)),
      ...given('fix', text(item.fix)),
      ...given('lesson', text(item.lesson)),
      ...given('anti_pattern', text(item.anti_pattern)),
    },
    comment: others(item, [
      'id',
      ...(date === undefined ? [] : ['date']),
      'error',
      ...(text(item.error) === '' ? ['title'] : []),
      ...['file', 'files', 'root_cause', 'fix', 'lesson', 'anti_pattern'],
    ]),
  };
}

/** bkit's map is its own reading of the imports; only where ours sees no such import may it know more. */
function impact(name: string, value: unknown, { entries, leftOut }: Imported): void {
  const modules = isItem(value) && isItem(value.modules) ? value.modules : undefined;
  if (modules === undefined) {
    leftOut.push({ what: name, why: 'it has no modules' });
    return;
  }
  for (const [from, module] of Object.entries(modules))
    for (const to of isItem(module) ? list(module.depends_on) : [])
      entries.push({
        layer: 'impact',
        from: `${name}, ${from}`,
        entry: { from, to, why: "bkit's impact map says so" },
        comment: [],
      });
  leftOut.push({
    what: `${name}: depended_by, blast_radius, change_risk of ${Object.keys(modules).length} modules`,
    why: 'they are computed from the imports here; `self-healing impact FILE` shows them',
  });
}

function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

function list(value: unknown): string[] {
  return [value]
    .flat()
    .map(text)
    .filter((path) => path !== '');
}

/** bkit's templates leave "", [] and {} where nothing is said. */
function isGiven(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

function given(key: string, value: unknown): Item {
  return isGiven(value) ? { [key]: value } : {};
}

function others(item: Item, known: readonly string[]): string[] {
  return Object.entries(item).flatMap(([key, value]) =>
    known.includes(key) || !isGiven(value)
      ? []
      : [`${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`],
  );
}
