/** YAML text of one value: as lines of their own, or on the line of its key. */
import { Document, Scalar, stringify, visit } from 'yaml';

const OPTIONS = { lineWidth: 0 } as const;

/** Block style, every line indented by `column` spaces; ends with a line break. */
export function renderBlock(value: unknown, column: number, multiline: 'literal' | 'quoted'): string {
  const indent = ' '.repeat(column);
  const lines = stringify(value, {
    ...OPTIONS,
    aliasDuplicateObjects: false,
    blockQuote: multiline === 'literal' ? 'literal' : false,
  }).split('\n');
  return lines.map((line) => (line === '' ? line : indent + line)).join('\n');
}

/** Flow style on one line, safe inside brackets and braces as well as after a key. */
export function renderInline(value: unknown): string {
  // Alone, text would be written as is safe after a key only; as an item of a list it is safe everywhere.
  const list = new Document([value], { aliasDuplicateObjects: false });
  visit(list, {
    Scalar(_, scalar) {
      // Written plainly it would take several lines, which mean something else in a file with other line breaks.
      if (typeof scalar.value === 'string' && /[\r\n]/.test(scalar.value)) scalar.type = Scalar.QUOTE_DOUBLE;
    },
  });
  const text = list.toString({
    ...OPTIONS,
    collectionStyle: 'flow',
    flowCollectionPadding: false,
    blockQuote: false,
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  });
  return text.trimEnd().slice(1, -1);
}
