import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { AST_GREP, AST_GREP_VERSION, LANGUAGES } from '../../../context/structure/languages.ts';
import type { Places } from '../../../context/structure/parsers.ts';
import { openSearch } from '../../../context/structure/search.ts';
import manifest from '../../../package.json' with { type: 'json' };
import { temporaryFolder } from '../../store/temporary.ts';

const modules = join(import.meta.dirname, '../../../node_modules');

/** A program in npm's place that takes the packages from our own modules: only the network is left out. */
function installer(script: string): string {
  const file = join(temporaryFolder(), 'npm');
  writeFileSync(file, `#!/bin/sh\necho "$@" >> '${file}.calls'\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

const calls = (npm: string) => readFileSync(`${npm}.calls`, 'utf8').trim().split('\n');
const copy = (...packages: string[]) =>
  `mkdir -p node_modules/@ast-grep && ${packages.map((name) => `cp -R '${modules}/@ast-grep/${name}' node_modules/@ast-grep/`).join(' && ')} && echo "added ${packages.length} packages in 1s"`;
const platformPackages = readdirSync(join(modules, '@ast-grep')).filter((name) => name.startsWith('napi'));

const places = (npm: string, data = temporaryFolder()): Places => ({ modules: undefined, data: [data], npm });

async function settled(rule: { language: string; rule: string }, at: Places) {
  for (;;) {
    const opened = openSearch(rule, at);
    if (opened.status !== 'not_ready' || !opened.message.includes('is being installed')) return opened;
    await sleep(20);
  }
}

it('installs the versions that the project itself is tested with', () => {
  const own: Record<string, string> = manifest.devDependencies;
  const packages = [{ name: AST_GREP, version: AST_GREP_VERSION }, ...LANGUAGES.flatMap((one) => one.package ?? [])];
  const tested = packages.filter(({ name }) => own[name] !== undefined);
  expect(tested.map(({ name, version }) => `${name} ${version}`)).toEqual(
    tested.map(({ name }) => `${name} ${own[name]?.replace(/^[~^]/, '')}`),
  );
  expect(tested).toHaveLength(4);
});

it('is fetched once for its language, in the background, and found when it is whole', async () => {
  const npm = installer(copy(...platformPackages, 'setup-lang', 'lang-python'));
  const at = places(npm);
  const rule = { language: 'py', rule: 'eval($X)' };
  expect(openSearch(rule, at)).toMatchObject({
    status: 'not_ready',
    message: expect.stringMatching(
      /^The parser of structural rules \(ast-grep, for Python\) is being installed \(for 0 s now; usually seconds\)\.$/,
    ),
    next: expect.stringContaining('Try again in a minute'),
  });
  const opened = await settled(rule, at);
  if (opened.status !== 'ready') throw new Error(JSON.stringify(opened));
  expect(opened.search.find('a.py', 'x = 1\neval(x)\n')).toMatchObject([{ line: 2, text: 'eval(x)' }]);
  expect(calls(npm)).toEqual([expect.stringMatching(/^install --ignore-scripts=true /)]);
  const [folder = ''] = readdirSync(join(at.data[0], 'native'));
  expect(folder).toBe(`ast-grep-${AST_GREP_VERSION}-lang-python-0.0.6-${process.platform}-${process.arch}`);
  expect(JSON.parse(readFileSync(join(at.data[0], 'native', folder, 'package.json'), 'utf8'))).toMatchObject({
    dependencies: { '@ast-grep/napi': AST_GREP_VERSION, '@ast-grep/lang-python': '0.0.6' },
  });
});

it('that cannot be fetched names the cause and the command', async () => {
  const npm = installer(
    'echo "npm error network request to http://127.0.0.1:9/x failed, reason: connect ECONNREFUSED 127.0.0.1:9" >&2; exit 1',
  );
  expect(await settled({ language: 'ts', rule: 'a()' }, places(npm))).toMatchObject({
    status: 'not_ready',
    message: expect.stringMatching(/could not be installed: npm does not reach its package registry/),
    next: expect.stringMatching(
      /npm install --ignore-scripts=true --prefix .*@ast-grep\/napi@\S+\. A rule with regex needs no parser\.$/,
    ),
  });
});

it('that is not built for this system says so', async () => {
  const npm = installer(copy('napi'));
  const opened = await settled({ language: 'ts', rule: 'a()' }, places(npm));
  expect(opened).toMatchObject({ status: 'not_ready', message: expect.stringMatching(/does not load here \(/) });
});
