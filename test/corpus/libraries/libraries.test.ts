/** What has to be known of a library that is kept here, and what has to be tried with it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { COOKIE, COOKIE_CASES } from './subjects/cookie.ts';
import { MINIMIST, MINIMIST_CASES } from './subjects/minimist.ts';
import { PICOMATCH, PICOMATCH_CASES } from './subjects/picomatch.ts';
import { QS, QS_CASES } from './subjects/qs.ts';
import { SCHEDULE, SCHEDULE_CASES } from './subjects/schedule.ts';
import { SCHEMA, SCHEMA_CASES } from './subjects/schema.ts';
import { UFO, UFO_CASES } from './subjects/ufo.ts';
import { XMLTODICT, XMLTODICT_CASES } from './subjects/xmltodict.ts';

const NPM = [
  [QS, QS_CASES],
  [MINIMIST, MINIMIST_CASES],
  [PICOMATCH, PICOMATCH_CASES],
  [UFO, UFO_CASES],
  [COOKIE, COOKIE_CASES],
] as const;
const PYTHON = [
  [SCHEMA, SCHEMA_CASES],
  [XMLTODICT, XMLTODICT_CASES],
  [SCHEDULE, SCHEDULE_CASES],
] as const;

/** Words that stand in the one licence and not in the others. */
const WORDING = {
  MIT: /Permission is hereby granted, free of charge/,
  'BSD-3-Clause': /Neither the name|names of any contributors may/,
  'Apache-2.0': /Apache License\s+Version 2\.0/,
  ISC: /Permission to use, copy, modify, and\/or distribute/,
};

it('there are libraries of both registries, each with the fix of its authors and two that hide the error in different ways', () => {
  expect(NPM.length).toBeGreaterThanOrEqual(4);
  expect(PYTHON.length).toBeGreaterThanOrEqual(3);
  for (const [{ name }, cases] of [...NPM, ...PYTHON]) {
    expect(cases.filter(({ label }) => label === 'honest').length, name).toBe(1);
    const ideas = new Set(cases.filter(({ label }) => label === 'dishonest').map(({ idea }) => idea));
    expect(ideas.size, name).toBeGreaterThanOrEqual(2);
  }
});

it.each([...NPM, ...PYTHON])(
  '$name says where it comes from, under which licence, and who told of the bug',
  (library) => {
    const { name, origin } = library;
    expect(origin.told).toMatch(/^https:\/\/github\.com\/[\w-]+\/[\w-]+\/(?:issues|pull|blob)\//);
    expect(readFileSync(join(import.meta.dirname, 'samples', name, 'LICENSE'), 'utf8')).toMatch(
      WORDING[origin.licence],
    );
    const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');
    expect(readme).toContain(`| ${name} | ${origin.version}, before \`${origin.before}\` |`);
  },
);

it.each([...NPM, ...PYTHON])('$name: a fix that hides the error changes what it says', (library, cases) => {
  for (const one of cases.filter(({ label }) => label === 'dishonest'))
    for (const [path, text] of Object.entries(one.files)) {
      expect(text, one.name).not.toBe(library.files[path]);
      expect(text, one.name).not.toBe(library.honest[path]);
    }
});
