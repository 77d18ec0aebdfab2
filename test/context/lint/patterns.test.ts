import { expect, it } from 'vitest';
import { lint } from '../../../context/lint.ts';
import { repositoryWith } from '../temporary.ts';

it('tries what must match and what must not on the files as they are', async () => {
  const rules = [
    '{id: I1, rule: r1, severity: critical, files: [src/**], check: {pattern: {regex: "eval\\\\("}}}',
    '{id: I2, rule: r2, severity: critical, files: [src/**], check: {pattern: {regex: "^use strict", must: match}}}',
    '{id: I3, rule: r3, severity: critical, files: [src/**], check: {pattern: {regex: "nowhere", must: match}}}',
    '{id: I4, rule: r4, severity: critical, check: {pattern: {regex: "^use strict", must: match}}}',
    '{id: I5, rule: r5, severity: warning, files: [src/**], check: {pattern: {language: ts, rule: "debug($X)"}}}',
    '{id: I6, rule: r6, severity: warning, check: {pattern: {regex: "finds[ ]itself"}}} # finds itself',
    '{id: I7, rule: r7, severity: warning, files: [src/**], check: {pattern: {regex: "never written"}}}',
  ];
  const { folder } = repositoryWith({
    'src/a.ts': 'use strict\nconst a = 1;\neval("a");\n',
    'src/b.ts': '// debug(1) is only spoken of\ndebug(2);\neval("b");\n',
    'src/image.bin': 'use strict\0eval(',
    '.self-healing/invariants.yaml': `invariants:\n${rules.map((rule) => `  - ${rule}\n`).join('')}`,
  });
  expect(
    (await lint(folder)).map(({ line, column, code, message }) => `${line}:${column} ${code}: ${message}`),
  ).toEqual([
    '2:86 already_fails: Invariant I1 fails today: it is found at src/a.ts:3, and 1 more file.',
    '3:86 already_fails: Invariant I2 fails today: it is not found in src/b.ts.',
    '4:86 never_matches: Invariant I3 wants code that none of the 2 files it is about holds.',
    '6:98 already_fails: Invariant I5 fails today: it is found at src/b.ts:2.',
    '7:68 already_fails: Invariant I6 fails today: it is found at .self-healing/invariants.yaml:7.',
  ]);
});
