import { describe, expect, it } from 'vitest';
import type { Change } from '../../../gate/changes.ts';
import { findManifestTampering } from '../../../gate/tampering/manifests.ts';

const change = (path: string): Change => ({
  path,
  status: 'M',
  oldMode: '100644',
  newMode: '100644',
  oldBlob: 'a',
  newBlob: 'b',
  kind: 'source',
  added: 1,
  removed: 1,
  binary: false,
});
const told = async (path: string, before: string, after: string, isDependencyIssue = true) =>
  (await findManifestTampering(change(path), isDependencyIssue, async () => [before, after])).map(({ code }) => code);

const PYPROJECT = '[project]\nname = "shop"\nversion = "1"\ndependencies = [\n  "left==1.0",\n  "right>=2",\n]\n';

describe('a dependency issue', () => {
  it.each([
    ['package.json', '{"dependencies":{"d":"1"}}', '{"dependencies":{"d":"2"}}', []],
    ['package.json', '{"overrides":{"d":"1"}}', '{"overrides":{"d":"2"},"peerDependencies":{"e":"1"}}', []],
    ['package.json', '{"main":"a.js"}', '{"main":"b.js"}', ['beyond_dependencies']],
    ['package.json', '{"scripts":{"a":"b"}}', '{"scripts":{"a":"c"}}', ['package_scripts']],
    ['requirements.txt', 'left==1.0\n', 'left==1.1 --hash=sha256:a\nright>=2 ; python_version > "3"\n', []],
    ['requirements-dev.txt', 'left==1.0\n', '--index-url https://evil.example\nleft==1.0\n', ['lock_source']],
    ['requirements.txt', 'left==1.0\n', 'left @ https://evil.example/left.zip\n', ['lock_source']],
    ['pyproject.toml', PYPROJECT, PYPROJECT.replace('1.0', '1.1'), []],
    ['pyproject.toml', PYPROJECT, PYPROJECT.replace('"1"', '"2"'), ['beyond_dependencies']],
    ['pyproject.toml', PYPROJECT, `${PYPROJECT}[tool.pytest.ini_options]\naddopts = "-x"\n`, ['tool_configuration']],
    ['pyproject.toml', '[tool.poetry.dependencies]\nleft = "1"\n', '[tool.poetry.dependencies]\nleft = "2"\n', []],
    ['pyproject.toml', '[tool.uv]\nindex-url = "a"\n', '[tool.uv]\nindex-url = "b"\n', ['beyond_dependencies']],
    ['src/left.js', '1', '2', ['beyond_dependencies']],
  ])('%s: %#', async (path, before, after, codes) => expect(await told(path, before, after)).toEqual(codes));
});

it.each([
  ['package.json', '{"dependencies":{"d":"1"}}', '{"dependencies":{"d":"2"}}', ['dependencies']],
  ['package-lock.json', '{}', '{"a":1}', ['dependencies']],
  ['requirements.txt', 'left==1.0\n', 'left==1.1\n', ['dependencies']],
  ['pyproject.toml', PYPROJECT, PYPROJECT.replace('1.0', '1.1'), ['dependencies']],
  ['package.json', '{"main":"a.js"}', '{"main":"b.js"}', []],
  ['src/left.js', '1', '2', []],
])('any other type, %s: %#', async (path, before, after, codes) =>
  expect(await told(path, before, after, false)).toEqual(codes),
);
