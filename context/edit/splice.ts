/**
 * Adds or changes one entry of a YAML list by splicing text, so that every other byte (comments, quotes, order,
 * spacing) stays as people wrote it. Pure; the result is parsed again and compared before it is handed out.
 */
import { isDeepStrictEqual } from 'node:util';
import { type Document, isMap, isScalar, isSeq, type ParsedNode, type YAMLMap, type YAMLSeq } from 'yaml';
import { parseTree } from '../document/tree.ts';
import { renderBlock, renderInline } from './render.ts';

/** Characters. */
const LONGEST_COMMENT = 10_000;

export type JsonObject = Record<string, unknown>;

export type Spliced =
  | { ok: true; text: string; index: number; created: boolean }
  /** The text is not YAML, or is written in a way that cannot be changed in place. */
  | { ok: false; offset: number; reason: string };

interface Splice {
  start: number;
  end: number;
  text: string;
}

type Render = (value: unknown, column: number) => string;
type Map = YAMLMap.Parsed;
type Seq = YAMLSeq.Parsed;

function apply(text: string, splices: readonly Splice[]): string {
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  return splices
    .toSorted((a, b) => b.start - a.start)
    .reduce((result, { start, end, text: added }) => {
      return result.slice(0, start) + added.replaceAll('\n', lineBreak) + result.slice(end);
    }, text);
}

/** Where the written content of a node ends; the ranges of block collections reach over trailing comments. */
function contentEnd(node: ParsedNode | null | undefined): number | undefined {
  if (!node) return undefined;
  const block = (isMap(node) || isSeq(node)) && node.flow !== true;
  if (!block) return node.range[1];
  const last = node.items.at(-1);
  if (last === undefined) return node.range[1];
  if (isMap(node)) {
    const pair = node.items.at(-1);
    return Math.max(contentEnd(pair?.value) ?? 0, contentEnd(pair?.key) ?? 0);
  }
  return contentEnd(node.items.at(-1) as ParsedNode);
}

/** Start of the line after `offset`; content that already ends its line (a block scalar) is followed by it directly. */
function nextLine(text: string, offset: number): { at: number; lead: string } {
  if (offset === 0 ? text === '' : text[offset - 1] === '\n') return { at: offset, lead: '' };
  const end = text.indexOf('\n', offset);
  return end < 0 ? { at: text.length, lead: '\n' } : { at: end + 1, lead: '' };
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

/** `text` as lines of their own after what ends at `offset`. */
function insertLines(source: string, offset: number, lines: string): Splice {
  const { at, lead } = nextLine(source, offset);
  return { start: at, end: at, text: lead + lines };
}

/** After the colon that follows a key. */
function afterColon(text: string, keyEnd: number): number {
  return text.indexOf(':', keyEnd) + 1;
}

function addToList(source: string, root: Map, { list, entry, item }: Change): Splice[] | string {
  const pair = root.items.find(({ key }) => isScalar(key) && key.value === list);
  const [first] = root.items;
  const rootColumn = first ? columnOf(source, first.key.range[0]) : 0;
  if (!pair) {
    if (root.flow) return 'the document is written in braces';
    return [insertLines(source, contentEnd(root) ?? 0, wholeList(list, item, rootColumn))];
  }
  const { key, value } = pair;
  const lines = item(rootColumn + 2);
  if (isSeq(value) && value.items.length > 0) {
    const seq = value as Seq;
    const last = contentEnd(seq.items.at(-1) as ParsedNode) ?? seq.range[1];
    if (seq.flow) return [{ start: last, end: last, text: `, ${renderInline(entry)}` }];
    const token = seq.srcToken;
    const dash =
      token?.type === 'block-seq' ? token.items[0]?.start.find(({ type }) => type === 'seq-item-ind') : undefined;
    if (!dash) return 'the list has no dashes';
    return [insertLines(source, last, item(columnOf(source, dash.offset)))];
  }
  if (value && !isSeq(value) && !(isScalar(value) && value.value === null)) return `${list} is not a list`;
  if (root.flow) return 'the document is written in braces';
  // `list: []`, `list: null` or `list:` becomes `list:` with the entry below it; a comment on that line stays.
  const colon = afterColon(source, key.range[1]);
  const empty = !value || value.range[0] === value.range[1];
  const end = empty ? colon : value.range[1];
  const written = source.slice(colon, end);
  if (/\n|[&!#]/.test(written)) return `the empty list ${list} carries a comment, an anchor or a tag`;
  return [{ start: colon, end: Math.max(end, colon), text: '' }, insertLines(source, end, lines)];
}

function wholeList(list: string, item: Change['item'], column: number): string {
  return `${' '.repeat(column)}${list}:\n${item(column + 2)}`;
}

function replaceValue(source: string, keyEnd: number, value: ParsedNode, written: string): Splice[] {
  const [start] = value.range;
  const end = contentEnd(value) ?? value.range[1];
  const colon = afterColon(source, keyEnd);
  if (!source.slice(colon, start).includes('\n')) {
    const lineBreak = source[end - 1] === '\n' ? '\n' : '';
    return [{ start, end, text: written + lineBreak }];
  }
  // A value below its key gives up its lines; the new one stands beside the key, before a comment there.
  const lineStart = source.lastIndexOf('\n', start - 1) + 1;
  return [
    { start: colon, end: colon, text: ` ${written}` },
    { start: lineStart, end: nextLine(source, end).at, text: '' },
  ];
}

function changeValues(
  source: string,
  document: Document.Parsed<ParsedNode>,
  item: Map,
  { entry, block }: Change,
): Splice[] {
  return Object.entries(entry).flatMap(([name, wanted]): Splice[] => {
    const pair = item.items.find(({ key }) => isScalar(key) && key.value === name);
    if (!pair) {
      const end = contentEnd(item) ?? item.range[1];
      if (item.flow) {
        const last = item.items.at(-1);
        const at = contentEnd(last?.value) ?? contentEnd(last?.key) ?? item.range[0] + 1;
        return [
          {
            start: at,
            end: at,
            text: `, ${renderInline({ [name]: wanted })
              .slice(1, -1)
              .trim()}`,
          },
        ];
      }
      const column = columnOf(source, item.items[0]?.key.range[0] ?? item.range[0]);
      return [insertLines(source, end, block({ [name]: wanted }, column))];
    }
    const { key, value } = pair;
    if (value && isDeepStrictEqual(value.toJS(document), wanted)) return [];
    if (!value || value.range[0] === value.range[1]) {
      const at = afterColon(source, key.range[1]);
      return [{ start: at, end: at, text: ` ${renderInline(wanted)}` }];
    }
    return replaceValue(source, key.range[1], value, renderInline(wanted));
  });
}

/** Lines of its own, whatever stands in them: nothing in a comment may become part of the document. */
function commentLines(comment: string | undefined, column: number): string {
  if (comment === undefined) return '';
  const lines = comment.slice(0, LONGEST_COMMENT).split('\n');
  return lines.map((line) => `${' '.repeat(column)}# ${line.replace(/[\s\p{C}]+/gu, ' ').trim()}\n`).join('');
}

interface Change {
  list: string;
  /** Index of the entry that is changed, or -1. */
  found: number;
  entry: JsonObject;
  block: Render;
  /** The new entry as an item of a list in lines, its dash in this column; with its comment above. */
  item: (column: number) => string;
}

/** The splices of one change, or why there are none. */
function splicesFor(source: string, document: Document.Parsed<ParsedNode>, change: Change): Splice[] | string {
  const { list, found, item: written } = change;
  if (!isMap(document.contents)) return [insertLines(source, source.length, wholeList(list, written, 0))];
  const root = document.contents as Map;
  if (found < 0) return addToList(source, root, change);
  const item = (root.get(list, true) as Seq | undefined)?.items[found];
  return isMap(item) ? changeValues(source, document, item as Map, change) : 'the entry is an alias';
}

/**
 * Adds `entry` to the list under the top-level key `list`, or changes the entry for which `isSame` holds: of that one
 * the keys of `entry` are set and all others kept. `comment` stands above an entry that is added to a list in lines.
 */
export function spliceEntry(
  source: string,
  list: string,
  entry: JsonObject,
  isSame: (existing: JsonObject) => boolean,
  comment?: string,
): Spliced {
  const tree = parseTree(source);
  if (!tree.ok)
    return { ok: false, offset: tree.faults[0]?.offset ?? 0, reason: tree.faults[0]?.message ?? 'not YAML' };
  const { document } = tree;
  const before = (tree.value ?? {}) as JsonObject;
  const failed = (reason: string, offset = 0): Spliced => ({ ok: false, offset, reason });
  if (tree.value !== null && !isMap(document.contents)) return failed('the document is not a mapping');

  const entries = (Array.isArray(before[list]) ? before[list] : []) as JsonObject[];
  const found = entries.findIndex((existing) => typeof existing === 'object' && existing !== null && isSame(existing));
  const index = found < 0 ? entries.length : found;

  const expected = {
    ...before,
    [list]: [...entries.slice(0, index), { ...entries[index], ...entry }, ...entries.slice(index + 1)],
  };
  // Long text reads best in literal blocks, but what follows may run into them; quoted text always ends where it ends.
  for (const multiline of ['literal', 'quoted'] as const) {
    const block: Render = (value, column) => renderBlock(value, column, multiline);
    const item = (column: number) => commentLines(comment, column) + block([entry], column);
    const splices = splicesFor(source, document, { list, found, entry, block, item });
    if (typeof splices === 'string') return failed(splices);
    const text = apply(source, splices);
    const after = parseTree(Buffer.from(text, 'utf8').toString('utf8'));
    if (after.ok && isDeepStrictEqual(after.value, expected)) return { ok: true, text, index, created: found < 0 };
  }
  const place = isMap(document.contents) ? document.contents.get(list, true)?.range?.[0] : undefined;
  return failed('the file is written in a way that cannot be changed in place', place);
}
