/** An invariant about a module's exported API: what callers could use on the base, they can use in the same way on the fix. */
import { type ApiEntry, exportedApi, type ReadFile } from '../../context/structure/exports.ts';
import { foreignLine } from '../foreign-line.ts';
import { blobText, entriesOf } from '../tree.ts';
import type { Workspace } from '../workspace.ts';
import type { InvariantResult, InvariantsInput } from './invariant-check.ts';

/** More differences than this are counted only. */
const MOST_NAMED = 3;

/** What is added breaks no caller and is allowed; what is gone or has another signature is a violation. */
export async function judgeExports(module: string, { workspace, trees }: InvariantsInput): Promise<InvariantResult> {
  const base = await exportedApi(module, await reader(workspace, trees.base));
  const fix = await exportedApi(module, await reader(workspace, trees.fix));
  if (base.status === 'unreadable' || fix.status === 'unreadable') {
    const side = base.status === 'unreadable' ? base : fix;
    if (side.status !== 'unreadable') throw new Error('one of the two was unreadable');
    const where = base.status === 'unreadable' && fix.status !== 'unreadable' ? 'on the base ' : '';
    const { message, next } = side;
    return { status: 'cannot_run', message: `${where}${message}`, ...(next === undefined ? {} : { next }) };
  }
  if (base.status === 'missing')
    return fix.status === 'missing'
      ? { status: 'cannot_run', message: `there is no file ${module}` }
      : { status: 'held' };
  if (fix.status === 'missing') return { status: 'violated', message: `${module} is gone` };
  return compare(module, base.entries, fix.entries);
}

function compare(
  module: string,
  base: ReadonlyMap<string, ApiEntry>,
  fix: ReadonlyMap<string, ApiEntry>,
): InvariantResult {
  const gone = [...base.keys()].filter((name) => !fix.has(name));
  const added = [...fix.keys()].filter((name) => !base.has(name));
  const changed = [...base].flatMap(([name, before]) => {
    const after = fix.get(name);
    return after && after.signature !== before.signature ? [{ name, before, after }] : [];
  });
  if (gone.length === 0 && changed.length === 0) return { status: 'held' };
  const says = [
    ...(gone.length === 0 ? [] : [`no longer exports ${list(gone)}`]),
    ...changed.slice(0, MOST_NAMED).map(({ name, before, after }) => `changes ${name} from ${told(before, after)}`),
    ...(changed.length > MOST_NAMED ? [`and ${changed.length - MOST_NAMED} more`] : []),
    ...(added.length === 0 ? [] : [`adds ${list(added)}`]),
  ];
  const at = changed[0]?.after;
  return {
    status: 'violated',
    message: `${module} ${says.join('; ')}`,
    ...(at ? { file: at.path, line: at.line } : { file: module }),
  };
}

/** Both signatures from shortly before the place where they part. */
function told({ signature: before }: ApiEntry, { signature: after }: ApiEntry): string {
  let same = 0;
  while (same < before.length && before[same] === after[same]) same++;
  const start = Math.max(0, Math.min(same - 30, before.length - 60, after.length - 60));
  const part = (text: string) => `\`${start > 0 ? '…' : ''}${foreignLine(text.slice(start), 100)}\``;
  return `${part(before)} to ${part(after)}`;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 10).map((name) => foreignLine(name, 60));
  return `${shown.join(', ')}${names.length > 10 ? ` and ${names.length - 10} more` : ''}`;
}

async function reader(workspace: Workspace, tree: string): Promise<ReadFile> {
  const entries = await entriesOf(workspace, tree);
  const blobs = new Map(entries.flatMap(({ mode, path, id }) => (mode.startsWith('100') ? [[path, id]] : [])));
  const texts = new Map<string, Promise<string>>();
  return async (path) => {
    const blob = blobs.get(path);
    if (blob === undefined) return undefined;
    const text = texts.get(path) ?? blobText(workspace, blob);
    texts.set(path, text);
    return text;
  };
}
