import { describe, expect, it } from 'vitest';
import { foreignVersion } from '../../../context/document/version.ts';
import { parseDocument } from '../../../context/document.ts';
import { incidentsFileSchema } from '../../../context/schemas/incidents.ts';

describe('the version of a document', () => {
  it.each([['"1.0"'], ['1.0'], ['1']])('%s is the current one', (version) => {
    expect(parseDocument(`version: ${version}\n`, 'f.yaml', incidentsFileSchema)).toMatchObject({ ok: true });
  });

  it('that is newer says so, and nothing else: the rest of such a document is not judged', () => {
    const parsed = parseDocument('# ours\nversion: "1.1"\nlessons: []\n', 'f.yaml', incidentsFileSchema);
    expect(parsed).toEqual({
      ok: false,
      problems: [
        {
          file: 'f.yaml',
          line: 2,
          column: 10,
          code: 'unknown_version',
          message: expect.stringMatching(/of version "1\.1"; this self-healing reads "1\.0"\. Update self-healing/),
        },
      ],
    });
    expect(foreignVersion({ version: 2 })).toContain('Update self-healing');
    expect(foreignVersion({ version: '10' })).toContain('Update self-healing');
  });

  it.each([['0.9'], ['v1'], ['1.0.0'], [''], [null], [true], [['1.0']]])('%j is not known', (version) => {
    expect(foreignVersion({ version })).toContain('Write version: "1.0"');
  });
});
