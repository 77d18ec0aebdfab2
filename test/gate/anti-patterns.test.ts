import { describe, expect, it } from 'vitest';
import { incidentEntrySchema, type PastIncident } from '../../context/schemas/incidents.ts';
import { checkAntiPatterns } from '../../gate/anti-patterns.ts';
import { classifier } from '../../gate/change-kind.ts';
import { type Change, changedLines, changesBetween } from '../../gate/changes.ts';
import { blobText, treeOf } from '../../gate/tree.ts';
import { openWorkspace } from '../../gate/workspace.ts';
import { commit, sampleRepository } from '../healer/sample-repository.ts';

function incident(match: unknown): PastIncident {
  const entry = incidentEntrySchema.parse({
    id: 'INC-0000000000000001',
    error: 'x',
    lesson: 'let it throw',
    anti_pattern: { description: 'swallowing the error', match },
  });
  return { ...entry, origin: { path: '.self-healing/incidents.yaml', line: 7, column: 3 } };
}

const change = (path: string, kind: Change['kind'] = 'source'): Change => ({
  path,
  kind,
  status: 'M',
  oldMode: '100644',
  newMode: '100644',
  oldBlob: 'a',
  newBlob: 'b',
  added: 1,
  removed: 0,
  binary: false,
});

const diffOf = (lines: string[], path = 'src/a.js') =>
  `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1,2 +1,9 @@\n context\n${lines.join('\n')}\n`;
const DIFF = diffOf(Array.from({ length: 10 }, (_, index) => `+line ${index}`));

async function judge(
  incidents: PastIncident[],
  options: { diff?: string; refused?: string; path?: string; kind?: Change['kind'] } = {},
) {
  const path = options.path ?? 'src/a.js';
  const { check } = await checkAntiPatterns({
    incidents,
    changes: [change(path, options.kind ?? 'source')],
    lines: {
      added: [
        { path, line: 4, text: 'try { look(); }' },
        { path, line: 5, text: 'catch {}' },
      ],
      removed: [],
    },
    textOf: async () => '',
    diff: options.diff ?? DIFF,
    classify: classifier(['test/**']),
    refusedDiffs: options.refused ? [{ incident: 'INC-2', reason: 'rejected as wrong', diff: options.refused }] : [],
  });
  return check;
}

it('finds an anti-pattern in the added source lines, and says where and what was learned', async () => {
  const check = await judge([incident({ regex: 'catch \\{\\s*\\}' })]);
  expect(check.status).toBe('fail');
  expect(check.findings[0]).toMatchObject({ code: 'anti_patterns.repeated', file: 'src/a.js', line: 5 });
  expect(check.findings[0]?.next).toContain('let it throw');
  expect((await judge([incident({ regex: 'finally' })])).status).toBe('pass');
  expect((await judge([incident({ regex: 'catch' })], { kind: 'test' })).status).toBe('pass');
});

describe('a structural rule', () => {
  const rule = incident({ language: 'js', rule: 'try { $$$ } catch { }' });

  /** Judges the change of one file from `before` to `after`, with the line numbers that git gives for it. */
  async function ofChange(before: string, after: string, incidents = [rule], path = 'src/a.js') {
    const { repository, root, base } = await sampleRepository({ [path]: before });
    const workspace = await openWorkspace(repository);
    const [from, to] = [await treeOf(workspace, base), await treeOf(workspace, commit(root, { [path]: after }))];
    const changes = await changesBetween(workspace, from, to, () => 'source');
    const { check, needsPerson } = await checkAntiPatterns({
      incidents,
      changes,
      lines: await changedLines(workspace, from, to, changes),
      textOf: (blob) => blobText(workspace, blob),
      diff: '',
      classify: classifier([]),
      refusedDiffs: [],
    });
    return { ...check, needsPerson };
  }

  it('finds the code that a change adds, or makes by taking away', async () => {
    const added = await ofChange('a();\n', 'a();\ntry {\n  b();\n}\ncatch\n{\n}\n');
    expect(added).toMatchObject({ status: 'fail', findings: [{ code: 'anti_patterns.repeated', line: 2 }] });
    expect(added.findings[0]?.next).toContain('let it throw');
    const emptied = await ofChange(
      'a();\ntry {\n  b();\n} catch {\n  log();\n}\n',
      'a();\ntry {\n  b();\n} catch {\n}\n',
    );
    expect(emptied).toMatchObject({ status: 'fail', findings: [{ line: 2 }] });
    expect(await ofChange('a();\n', "a('try { b() } catch { }');\n")).toMatchObject({ status: 'pass' });
  });

  it('leaves alone what was there: moved, formatted anew, or edited inside', async () => {
    const old = 'try {\n  b();\n} catch {}\n';
    expect(await ofChange(old, `c();\n\n${old}`)).toMatchObject({ status: 'pass' });
    expect(await ofChange(old, 'if (x) {\n  try { b();\n  } catch {\n  }\n}\n')).toMatchObject({ status: 'pass' });
    expect(await ofChange(`a();\n${old}`, `a(1);\na(2);\n${old.replace('b()', 'b(1)')}`)).toMatchObject({
      status: 'pass',
    });
    const twice = await ofChange(old, `${old}${old}`);
    expect(twice).toMatchObject({ status: 'fail', findings: [{ line: 4 }] });
  });

  it('that cannot be matched is for a person to decide, and does not blame the fix', async () => {
    const broken = await ofChange('a();\n', 'b();\n', [incident({ language: 'js', rule: 'try {' })]);
    expect(broken).toMatchObject({ status: 'warn', findings: [{ code: 'anti_patterns.not_matched', line: 7 }] });
    expect(broken.needsPerson[0]).toContain('"try {" is not one whole expression');
  });
});

it('fails a diff that is nearly one that did not last, whatever its indentation', async () => {
  const same = diffOf(Array.from({ length: 10 }, (_, index) => `+    line ${index === 3 ? 'x' : index}`));
  const check = await judge([], { refused: same });
  expect(check).toMatchObject({ status: 'fail', findings: [{ code: 'anti_patterns.refused_before' }] });
  expect(check.findings[0]?.message).toMatch(/90 % the same as a fix of INC-2.*rejected as wrong/);
  expect((await judge([], { refused: diffOf(['+other', '-line 1']) })).status).toBe('pass');
});

it('holds source against source: the same reproduction and lesson may come with another fix', async () => {
  const lines = Array.from({ length: 30 }, (_, index) => `+same line ${index}`);
  const around = (source: string[]) =>
    diffOf(source) + diffOf(lines, 'test/a.test.js') + diffOf(lines, '.self-healing/incidents.yaml');
  const refused = around(['-  return session.tenantId;', '+  return session?.tenantId;']);
  const other = around(['-  return session.tenantId;', '+  if (!session) throw new HttpError(401);', '+  return x;']);
  expect(await judge([], { diff: other, refused })).toMatchObject({ status: 'pass' });
  expect(await judge([], { diff: refused, refused })).toMatchObject({ status: 'fail' });
  // Without a change of source there is nothing that could not have lasted.
  expect(await judge([], { diff: around([]), refused: around([]) })).toMatchObject({ status: 'pass' });
});
