/** A fix of dependencies is judged with what its own lock file installs: real npm, from tarballs, without a network. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readLaw } from '../../context/law.ts';
import { eventSchema } from '../../events/event.ts';
import { verify } from '../../gate/verify.ts';
import { commit, freshFolder, run, sampleRepository } from '../healer/sample-repository.ts';
import { write } from '../write.ts';

const INCIDENT = 'INC-1a2b3c4d5e6f7890';
const npm = (cwd: string, ...args: string[]) =>
  execFileSync('npm', [...args, '--no-audit', '--no-fund', '--ignore-scripts', '--offline'], { cwd, stdio: 'pipe' });

/** `left` 1.0.0 throws, 1.1.0 does not, and would leave a mark if its script ran. */
function tarball(folder: string, version: string, code: string): void {
  const source = freshFolder('left');
  const scripts = { postinstall: "node -e \"require('fs').writeFileSync('ran-a-script', '')\"" };
  write(source, { 'package.json': JSON.stringify({ name: 'left', version, scripts }), 'index.js': code });
  npm(source, 'pack', '--pack-destination', folder);
}

async function prepared() {
  const sample = await sampleRepository({ '.gitignore': 'node_modules\n', 'vendor/.keep': '' });
  const { root } = sample;
  tarball(join(root, 'vendor'), '1.0.0', 'module.exports = () => { throw new RangeError("left is too short"); };\n');
  tarball(join(root, 'vendor'), '1.1.0', 'module.exports = () => "left";\n');
  const manifest = (version: string) =>
    `${JSON.stringify({ name: 'shop', version: '1.0.0', scripts: { test: 'node --test test/*.test.js' }, dependencies: { left: `file:vendor/left-${version}.tgz` } }, null, 2)}\n`;
  write(root, {
    'package.json': manifest('1.0.0'),
    'src/pad.js': "exports.pad = () => require('left')();\n",
    'test/old.test.js': "require('node:test').test('old', () => {});\n",
    '.self-healing/config.yaml': 'version: "1.0"\ntests:\n  command: npm test\n',
  });
  npm(root, 'install');
  const base = commit(root, {});
  const worktree = freshFolder('worktree');
  run(root, 'worktree', 'add', '--quiet', '--detach', worktree, base);
  write(worktree, {
    'test/pad.test.js':
      "const assert = require('node:assert');\nrequire('node:test').test('pads', () => { assert.equal(require('../src/pad.js').pad(), 'left'); });\n",
    '.self-healing/scenarios/pad.yaml': `version: "1.0"\nmodule: pad\nscenarios:\n  - id: S010\n    name: pads\n    incident: ${INCIDENT}\n    test_command: node --test test/pad.test.js\n`,
  });
  const upgrade = () => {
    write(worktree, { 'package.json': manifest('1.1.0') });
    npm(worktree, 'install', '--package-lock-only');
  };
  const event = eventSchema.parse({
    id: 'e1',
    source: 'log',
    actionable: true,
    severity: 'high',
    type: 'RangeError',
    message: 'left is too short',
    frames: [{ file: 'src/pad.js', line: 1, function: 'pad', in_app: true }],
    first_seen: '2026-11-20T10:00:00Z',
    last_seen: '2026-11-20T10:00:00Z',
    count: 1,
    fingerprint: '1a2b3c4d5e6f7890',
    received_at: '2026-11-20T10:00:00Z',
  });
  const gate = async () => {
    const { verification } = await verify({
      repository: sample.repository,
      law: await readLaw(sample.repository, { commit: base }),
      base,
      folder: worktree,
      incident: { id: INCIDENT, event },
      diagnosis: {
        failure_type: 'dependency_issue',
        affected_files: ['package.json', 'package-lock.json', 'src/pad.js'],
        confidence: 0.9,
      },
      iteration: 1,
    });
    const findings = Object.values(verification.checks).flatMap((check) => check.findings);
    return { verification, findings, codes: findings.map(({ code }) => code) };
  };
  return { ...sample, root, worktree, manifest, upgrade, gate };
}

it('is red with the base lock file and green with the fix, each installed anew, and leaves the user alone', async () => {
  const { root, worktree, upgrade, gate, repository } = await prepared();
  upgrade();
  const before = readFileSync(join(root, 'node_modules/left/index.js'), 'utf8');
  const { verification, codes } = await gate();
  expect(codes).toEqual([]);
  expect(verification.verdict).toBe('pass');
  const runs = verification.checks.reproduction.evidence.map(({ at, exit }) => `${at} ${exit === 0 ? 'green' : 'red'}`);
  expect(runs.slice(0, 7)).toEqual([...Array(3).fill('base_tests red'), ...Array(3).fill('fix green'), 'revert red']);
  expect(readFileSync(join(root, 'node_modules/left/index.js'), 'utf8')).toBe(before);
  expect(existsSync(join(worktree, 'node_modules'))).toBe(false);
  const homes = join(repository.home, 'checkout');
  for (const key of readdirSync(homes)) {
    expect(readdirSync(join(homes, key)).filter((name) => name.startsWith('installed-'))).toEqual([]);
    expect(existsSync(join(homes, key, 'tree/node_modules/left/ran-a-script'))).toBe(false);
  }
});

it('fails a fix whose lock file does not fit its manifest, with the words of the package manager', async () => {
  const { worktree, manifest, gate } = await prepared();
  write(worktree, { 'package.json': manifest('1.1.0') });
  const { verification, findings, codes } = await gate();
  expect(verification.verdict).toBe('fail');
  expect(codes).toContain('reproduction.install_failed');
  const message = findings.find(({ code }) => code === 'reproduction.install_failed')?.message;
  expect(message).toMatch(
    /^`npm ci --ignore-scripts --no-audit --no-fund` fails on the tree of the fix \(exit code 1\)/,
  );
});
