/** Where no ast-grep lies beside the product, as with a user: preflight, bundled alone, begins to fetch it. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { freshFolder, sampleRepository } from '../../healer/sample-repository.ts';
import { write } from '../../write.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const PROGRAM = `import { readLaw } from '${ROOT}/context/law.ts';
import { openRepository } from '${ROOT}/context/repository.ts';
import { preflight } from '${ROOT}/gate/preflight.ts';

const [root = '', base = ''] = process.argv.slice(2);
const repository = await openRepository(root);
const law = await readLaw(repository, { commit: base });
const { status } = await preflight({ repository, law, base, event: { source: 'log', message: '' } });
process.stdout.write(status);
`;

async function tried(check: string) {
  const { root, base } = await sampleRepository({
    'package.json': '{ "type": "module" }\n',
    'test/a.test.js': "import test from 'node:test';\ntest('adds', () => {});\n",
    '.self-healing/invariants.yaml': `version: "1.0"
invariants: [{ id: INV-001, rule: nothing is evaluated, severity: critical, check: { pattern: ${check} } }]
`,
  });
  const folder = freshFolder('bundle');
  const home = freshFolder('home');
  await build({
    stdin: { contents: PROGRAM, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['better-sqlite3'],
    banner: {
      js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
    },
    outfile: join(folder, 'preflight.mjs'),
    logLevel: 'silent',
  });
  // A registry is not asked by a test: this npm notes what it was asked for.
  write(folder, { 'bin/npm': `#!/bin/sh\necho "$@" > '${join(folder, 'asked')}'\n` });
  chmodSync(join(folder, 'bin/npm'), 0o755);
  writeFileSync(join(folder, 'asked'), '');
  const { HOME, PATH } = process.env;
  const ran = spawnSync(process.execPath, [join(folder, 'preflight.mjs'), root, base], {
    encoding: 'utf8',
    env: { HOME, PATH: `${join(folder, 'bin')}:${PATH}`, SELF_HEALING_HOME: home, CLAUDE_CONFIG_DIR: folder },
  });
  const begun = existsSync(join(home, 'native')) ? readdirSync(join(home, 'native')) : [];
  return { ...ran, begun: begun.filter((name) => name.endsWith('.lock')) };
}

it('for a law with a structural rule its parser is on the way, and nothing waits for it', async () => {
  const { stdout, stderr, begun } = await tried('{ language: ts, rule: eval($X), must: not_match }');
  expect(stdout, stderr).toBe('ran');
  expect(begun).toHaveLength(1);
  expect(begun[0]).toContain('ast-grep');
});

it('for a law without one nothing is fetched', async () => {
  const { stdout, stderr, begun } = await tried('{ regex: eval, must: not_match }');
  expect(stdout, stderr).toBe('ran');
  expect(begun).toEqual([]);
});
