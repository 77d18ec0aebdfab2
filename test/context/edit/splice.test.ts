import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type JsonObject, spliceEntry } from '../../../context/edit/splice.ts';

function splice(source: string, entry: JsonObject): string {
  const result = spliceEntry(source, 'scenarios', entry, ({ id }) => id === entry.id);
  return result.ok ? result.text : `refused: ${result.reason}`;
}

/** Lines of `after` that are not in `before`, when those of `before` all stand in it in their order; else undefined. */
function addedLines(before: string, after: string): string[] | undefined {
  const kept = before.split('\n');
  const added: string[] = [];
  for (const line of after.split('\n')) {
    if (kept[0] === line) kept.shift();
    else added.push(line);
  }
  return kept.length === 0 ? added : undefined;
}

describe('adding an entry', () => {
  it.each<[string, string, string]>([
    ['an empty file', '', 'scenarios:\n  - id: N\n'],
    ['a file of comments without a last line break', '# a\n# b', '# a\n# b\nscenarios:\n  - id: N\n'],
    ['a list without entries', 'scenarios: # none yet\nz: 1\n', 'scenarios: # none yet\n  - id: N\nz: 1\n'],
    ['an empty flow list', 'scenarios: []   # none yet\nz: 1\n', 'scenarios:   # none yet\n  - id: N\nz: 1\n'],
    ['null', 'scenarios: ~\n', 'scenarios:\n  - id: N\n'],
    ['a flow list', 'scenarios: [ {id: a}, ] # c\n', 'scenarios: [ {id: a}, {id: N}, ] # c\n'],
    ['a missing list', 'z:   1  # c\n', 'z:   1  # c\nscenarios:\n  - id: N\n'],
    ['dashes without indentation', 'scenarios:\n- id: a   # c\nz: 1\n', 'scenarios:\n- id: a   # c\n- id: N\nz: 1\n'],
    ['a deep dash', 'scenarios:\n    -   id: a', 'scenarios:\n    -   id: a\n    - id: N\n'],
    [
      'a block scalar, blank lines and comments at the end',
      'scenarios:\n  - id: a\n    why: |\n      x\n\n  # tail\n\nz: 1\n',
      'scenarios:\n  - id: a\n    why: |\n      x\n  - id: N\n\n  # tail\n\nz: 1\n',
    ],
    [
      'an empty value at the end',
      'scenarios:\n  - id: a\n    why: # later\n',
      'scenarios:\n  - id: a\n    why: # later\n  - id: N\n',
    ],
    ['a document with an end mark', 'z: 1\n...\n', 'z: 1\nscenarios:\n  - id: N\n...\n'],
    ['Windows line breaks', 'scenarios:\r\n  - id: a\r\n', 'scenarios:\r\n  - id: a\r\n  - id: N\r\n'],
    ['a byte order mark', '\ufeffscenarios:\n  - id: a\n', '\ufeffscenarios:\n  - id: a\n  - id: N\n'],
  ])('to %s', (_, before, after) => {
    expect(splice(before, { id: 'N' })).toBe(after);
  });

  it('puts a comment above it, whatever stands in the comment', () => {
    const withComment = (source: string, comment: string) => {
      const result = spliceEntry(source, 'scenarios', { id: 'N' }, () => false, comment);
      return result.ok ? result.text : result.reason;
    };
    expect(withComment('scenarios:\n  - id: a\n\nz: 1\n', 'from x\nand y')).toBe(
      'scenarios:\n  - id: a\n  # from x\n  # and y\n  - id: N\n\nz: 1\n',
    );
    expect(withComment('', 'c')).toBe('scenarios:\n  # c\n  - id: N\n');
    expect(withComment('scenarios: [{id: a}]\n', 'c')).toBe('scenarios: [{id: a}, {id: N}]\n');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (comment) => {
        const text = withComment('scenarios:\n  - id: a\n', `${comment}\u2028- id: x\r\n  - id: y\u0085z`);
        expect(parse(text)).toEqual({ scenarios: [{ id: 'a' }, { id: 'N' }] });
      }),
    );
  });

  it.each([
    ['braces around everything', '{z: 1}\n'],
    ['a list that is text', 'scenarios: text\n'],
    ['a document that is a list', '- a\n'],
    ['an anchor on an empty list', 'scenarios: &a []\nother: *a\n'],
    ['broken YAML', 'scenarios: [\n'],
  ])('refuses %s', (_, source) => {
    expect(splice(source, { id: 'N' })).toMatch(/^refused: /);
  });
});

describe('updating an entry', () => {
  it('changes the values that differ and nothing else', () => {
    const before = [
      'scenarios:',
      '  # first',
      '  - id:   a      # the id',
      "    name: 'old'   # the name",
      '    why: |',
      '      long',
      '    tags:',
      '      - x # gone with its value',
      '    constraint: # nothing yet',
      '    input: {  n: 1 }',
      '  # second',
      '  - {id: b, name: "old" , why: }',
      '',
    ].join('\n');
    const changed = {
      id: 'a',
      name: 'new: #1',
      why: 'short',
      tags: ['y'],
      constraint: 'c',
      input: { n: 1 },
      kind: 'check',
    };
    expect(splice(before, changed)).toBe(
      [
        'scenarios:',
        '  # first',
        '  - id:   a      # the id',
        '    name: "new: #1"   # the name',
        '    why: short',
        '    tags: [y]',
        '    constraint: c # nothing yet',
        '    input: {  n: 1 }',
        '    kind: check',
        '  # second',
        '  - {id: b, name: "old" , why: }',
        '',
      ].join('\n'),
    );
    expect(splice(before, { id: 'b', name: 'true', why: 'w', timeout: 3 })).toContain(
      '  - {id: b, name: "true" , why: w , timeout: 3}\n',
    );
  });

  it('leaves the text alone when nothing differs', () => {
    const before = 'scenarios:\n- { "id": a, input: 0x10 }\n';
    expect(splice(before, { id: 'a', input: 16 })).toBe(before);
  });
});

describe('for any document and entry', () => {
  const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);
  const words = fc.oneof(
    fc.string(),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('a: b', '- x', '#c', 'true', '1e3', '|', 'a\n\nb\n', ' x ', "it's", '"'),
  );
  const entry = fc.record(
    { name: words, why: words, input: json, expected: json, tags: fc.array(words) },
    { requiredKeys: ['name'] },
  );
  const comment = fc.constantFrom('', '# a comment', '   # indented', '\t', '#');
  const item = fc.constantFrom(
    '  - id: S\n    name: plain   # note\n    tags: [ a,b ]',
    "  - id:  'S'\n    why: >\n      folded\n      text\n\n    name: x",
    '  - { id: S, name: "flow" , input: {a: [1,  2]} }',
    '  - id: S\n    why: |+\n      kept\n\n',
    '  -\n    id: S\n    input:\n    - 1\n    - k: v # deep',
    '  - id: S\n    name: &n anchored\n    why: *n',
  );
  const document = fc
    .record({
      head: fc.array(comment, { maxLength: 3 }),
      items: fc.array(fc.tuple(comment, item), { minLength: 1, maxLength: 4 }),
      tail: fc.array(fc.constantFrom('', '# end', 'z:   1', '  # far'), { maxLength: 3 }),
      last: fc.constantFrom('', '\n'),
    })
    .map(({ head, items, tail, last }) => {
      const list = items.flatMap(([above, text], i) => [
        above,
        text.replace(/\bS\b/, `S${i}`).replaceAll('&n', `&n${i}`).replaceAll('*n', `*n${i}`),
      ]);
      return [...head, 'version: "1.0"', 'scenarios:   # the list', ...list, ...new Set(tail)].join('\n') + last;
    })
    .filter((text) => {
      try {
        parse(text);
        return true;
      } catch {
        return false; // a tab or comment that ends a block scalar's file in a way YAML does not allow
      }
    });

  const written = fc
    .tuple(document, fc.boolean(), fc.boolean())
    .map(([text, windows, mark]) => (mark ? '\ufeff' : '') + (windows ? text.replaceAll('\n', '\r\n') : text));

  it('changes only the bytes of its own entry, whatever the line breaks', () => {
    fc.assert(
      fc.property(written, entry, fc.constantFrom('S0', 'S1', 'NEW'), (source, values, id) => {
        const result = spliceEntry(source, 'scenarios', { id, ...values }, (existing) => existing.id === id);
        if (!result.ok) {
          // Only where the old value is named elsewhere: it cannot go without changing the other.
          expect(source).toContain('*n');
          return;
        }
        const dashes = [...source.matchAll(/^ {2}-(?=\s)/gm)].map(({ index }) => index);
        const own = result.created ? -1 : result.index;
        // Of what is there: its lines up to the next entry. Of a new entry: nothing at all.
        const start = own < 0 ? undefined : dashes[own];
        const end = own < 0 ? undefined : (dashes[own + 1] ?? source.length);
        if (start === undefined || end === undefined) {
          const at = [...result.text].findIndex(
            (_, index) => result.text.slice(0, index + 1) !== source.slice(0, index + 1),
          );
          const from = at < 0 ? source.length : at;
          const rest = source.slice(from);
          expect(result.text.endsWith(rest)).toBe(true);
          expect(result.text.startsWith(source.slice(0, from))).toBe(true);
        } else {
          expect(result.text.startsWith(source.slice(0, start))).toBe(true);
          expect(result.text.endsWith(source.slice(end))).toBe(true);
        }
        if (source.includes('\r\n') && !/[^\r]\n/.test(source)) expect(result.text).not.toMatch(/[^\r]\n/);
      }),
      { numRuns: 300 },
    );
  });

  it('adds exactly the lines of one entry, and reads back what was given', () => {
    fc.assert(
      fc.property(document, entry, (source, values) => {
        const added = { id: 'NEW', ...values };
        const result = spliceEntry(source, 'scenarios', added, ({ id }) => id === 'NEW');
        if (!result.ok) throw new Error(result.reason);
        const before = parse(source) as { scenarios: unknown[] };
        expect(parse(result.text)).toEqual({ ...before, scenarios: [...before.scenarios, added] });
        const lines = addedLines(source, result.text);
        expect(lines?.[0]).toBe('  - id: NEW');
      }),
      { numRuns: 300 },
    );
  });

  it('updates without touching the lines of other entries', () => {
    fc.assert(
      fc.property(document, entry, (source, values) => {
        const result = spliceEntry(source, 'scenarios', { id: 'S0', ...values }, ({ id }) => id === 'S0');
        if (!result.ok) {
          // Only where the old value is named elsewhere: it cannot go without changing the other.
          expect(source).toContain('*n0');
          return;
        }
        const before = parse(source) as { scenarios: JsonObject[] };
        const [first, ...others] = before.scenarios;
        expect(parse(result.text)).toEqual({ ...before, scenarios: [{ ...first, ...values }, ...others] });
        for (const comment of source.match(/#.*/g) ?? []) {
          if (!comment.startsWith('# deep')) expect(result.text).toContain(comment);
        }
      }),
      { numRuns: 300 },
    );
  });
});
