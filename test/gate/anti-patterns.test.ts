import { expect, it } from 'vitest';
import { incidentEntrySchema, type PastIncident } from '../../context/schemas/incidents.ts';
import { checkAntiPatterns } from '../../gate/anti-patterns.ts';
import type { Change } from '../../gate/changes.ts';

function incident(match: unknown): PastIncident {
  const entry = incidentEntrySchema.parse({
    id: 'INC-0000000000000001',
    error: 'x',
    lesson: 'let it throw',
    anti_pattern: { description: 'swallowing the error', match },
  });
  return { ...entry, origin: { path: '.self-healing/incidents.yaml', line: 7, column: 3 } };
}

const change = (path: string, kind: Change['kind']): Change => ({
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

const diffOf = (lines: string[]) =>
  `diff --git a/src/a.js b/src/a.js\n--- a/src/a.js\n+++ b/src/a.js\n@@ -1,2 +1,9 @@\n context\n${lines.join('\n')}\n`;
const DIFF = diffOf(Array.from({ length: 10 }, (_, index) => `+line ${index}`));

function judge(
  incidents: PastIncident[],
  options: { diff?: string; refused?: string; path?: string; kind?: Change['kind'] } = {},
) {
  const path = options.path ?? 'src/a.js';
  const { check } = checkAntiPatterns({
    incidents,
    changes: [change(path, options.kind ?? 'source')],
    lines: {
      added: [
        { path, line: 4, text: 'try { look(); }' },
        { path, line: 5, text: 'catch {}' },
      ],
      removed: [],
    },
    diff: options.diff ?? DIFF,
    refusedDiffs: options.refused ? [{ incident: 'INC-2', reason: 'rejected as wrong', diff: options.refused }] : [],
  });
  return check;
}

it('finds an anti-pattern in the added source lines, and says where and what was learned', () => {
  const check = judge([incident({ regex: 'catch \\{\\s*\\}' })]);
  expect(check.status).toBe('fail');
  expect(check.findings[0]).toMatchObject({ code: 'anti_patterns.repeated', file: 'src/a.js', line: 5 });
  expect(check.findings[0]?.next).toContain('let it throw');
  expect(judge([incident({ regex: 'finally' })]).status).toBe('pass');
  expect(judge([incident({ regex: 'catch' })], { kind: 'test' }).status).toBe('pass');
});

it('says that a structural rule was not matched', () => {
  const check = judge([incident({ language: 'ts', rule: 'try { $$$ } catch { }' })]);
  expect(check).toMatchObject({ status: 'warn', findings: [{ code: 'anti_patterns.not_supported', line: 7 }] });
});

it('fails a diff that is nearly one that did not last, whatever its indentation', () => {
  const same = diffOf(Array.from({ length: 10 }, (_, index) => `+    line ${index === 3 ? 'x' : index}`));
  const check = judge([], { refused: same });
  expect(check).toMatchObject({ status: 'fail', findings: [{ code: 'anti_patterns.refused_before' }] });
  expect(check.findings[0]?.message).toMatch(/90 % the same as a fix of INC-2.*rejected as wrong/);
  expect(judge([], { refused: diffOf(['+other', '-line 1']) }).status).toBe('pass');
});
