/** YAML text of one value: as lines of their own, or on the line of its key. */
import { stringify } from 'yaml';

const OPTIONS = { lineWidth: 0, aliasDuplicateObjects: false } as const;

/** Block style, every line indented by `column` spaces; ends with a line break. */
export function renderBlock(value: unknown, column: number, multiline: 'literal' | 'quoted'): string {
  const indent = ' '.repeat(column);
  const lines = stringify(value, { ...OPTIONS, blockQuote: multiline === 'literal' ? 'literal' : false }).split('\n');
  return lines.map((line) => (line === '' ? line : indent + line)).join('\n');
}

/** Flow style on one line, safe inside brackets and braces as well as after a key. */
export function renderInline(value: unknown): string {
  // Alone, text would be written as is safe after a key only; as an item of a list it is safe everywhere.
  const list = stringify([value], {
    ...OPTIONS,
    collectionStyle: 'flow',
    flowCollectionPadding: false,
    blockQuote: false,
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  });
  return list.trimEnd().slice(1, -1);
}
