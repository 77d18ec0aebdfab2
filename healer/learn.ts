/**
 * `learn`: what the project already says about itself (tests without a scenario, fixes in its history that brought a test,
 * its types and schemas) becomes drafts: `proposed: true`, without force, each with where it comes from. Every command was
 * seen green and every rule holds now. What is there, was drafted before, or was deleted by a person stays as it is.
 */
import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { nextScenarioId } from '../context/edit/next-scenario-id.ts';
import { addOrUpdateEntry, type EntryEdit } from '../context/edit.ts';
import { buildGraph } from '../context/impact/graph.ts';
import { folderSources } from '../context/impact/sources.ts';
import { chooseTests, moduleOf } from '../context/init/choose-tests.ts';
import { scenarioName } from '../context/init/scenario-name.ts';
import type { Law } from '../context/law.ts';
import { contracts, type LearnedInvariant } from '../context/learn/contracts.ts';
import { pastFixes } from '../context/learn/past-fixes.ts';
import { removedLines } from '../context/learn/removed-lines.ts';
import { matches } from '../context/path-rules.ts';
import { resolveCommit } from '../context/repository.ts';
import { ConfigurationError, UserError } from '../events/errors.ts';
import { redact } from '../events/redact.ts';
import { withTrial } from '../gate/trial.ts';
import { openCache } from '../store/cache.ts';
import { requireEditable } from './incidents/editable-context.ts';
import type { Workbench } from './workbench.ts';

export interface Learned {
  drafts: {
    id: string;
    layer: 'scenarios' | 'invariants';
    file: string;
    line: number;
    /** Name of the scenario, or the rule. */
    says: string;
    /** `src/status.ts:3`, or `commit 1a2b3c4d5e6f`. */
    from: string;
    /** How it is executed. */
    check: unknown;
  }[];
  /** What could be no draft, and why: a test that is not green alone, a file that cannot be edited in place. */
  left_out: { what: string; why: string }[];
  /** Drafts of earlier runs and entries that people deleted. */
  known: number;
}

export interface LearnOptions {
  limits?: Partial<typeof LIMITS>;
  signal?: AbortSignal | undefined;
  onProgress?: ((line: string) => void) | undefined;
}

/** Milliseconds; a person waits, and so does a session, whose shell gives a command two minutes. */
const LIMITS = { whole: 90_000, file: 20_000 };
/** More than these in one sitting nobody reads. */
const MOST_SCENARIOS = 10;
/** After so many and not one green the tests cannot run here, or not one by one. */
const MOST_RED = 4;
const TEST_FILE =
  /(?:^|\/)(?:test_[^/]*\.py|[^/]*_test\.(?:py|go)|[^/]*[._-](?:test|spec)\.[mc]?[jt]sx?|[^/]*Test\.java)$/;

interface ScenarioIdea {
  test: string;
  module: string;
  files: string[];
  from: string;
  /** Behind `From `. */
  comment: string;
  why?: string;
}

/** Throws UserError where nothing is set up or a fix is open, ConfigurationError while `.self-healing/` has errors. */
export async function learn(bench: Workbench, options: LearnOptions = {}): Promise<Learned> {
  const { root } = bench.repository;
  const law = await requireEditable(bench);
  const sources = await folderSources(root);
  const graph = buildGraph({ ...sources, edges: law.impactMap.edges });
  const isTest = (path: string) => matches(law.config.tests.paths, path);
  const memory = openCache(bench.db, 'learned', bench.now);
  const removed = await removedLines(root);
  let known = 0;
  const isNew = (key: string, words: string): boolean => {
    const before = memory.get(key) !== undefined || removed.some((line) => line.includes(words));
    if (before) known++;
    return !before;
  };
  const result: Learned = { drafts: [], left_out: [], known: 0 };

  const covered = law.scenarios.flatMap(({ test_command: command }) => command ?? []);
  const free = new Set(
    sources.files
      .filter((path) => TEST_FILE.test(path) && isTest(path) && !covered.some((line) => line.includes(path)))
      .filter((path) => isNew(`test:${path}`, path)),
  );
  // A draft gets a file of its own: what a person's file is about stays theirs to say.
  const modules = new Set([
    ...law.scenarios.map(({ module }) => module),
    ...Object.keys(law.files).map((path) => basename(path, '.yaml')),
  ]);
  const there = new Set(sources.files);
  const fixes = await pastFixes(root, isTest, (path) => there.has(path));
  const ideas: ScenarioIdea[] = [];
  for (const { commit, date, subject, tests, sources: changed } of fixes)
    for (const test of tests.filter((path) => free.has(path))) {
      free.delete(test);
      const said = redact(subject.slice(0, 150), { ips: true });
      const short = commit.slice(0, 12);
      ideas.push({
        test,
        module: moduleOf(test, modules),
        files: changed.slice(0, 6),
        from: `commit ${short}`,
        comment: `commit ${short} of ${date}, a fix that brought or changed ${test}`,
        why: `held since a fix: ${said} (${short})`,
      });
    }
  for (const { file, module, files } of chooseTests([...free].sort(), graph, law.config.tests.paths, modules))
    ideas.push({ test: file, module, files, from: `${file}:1`, comment: `${file}, which no scenario names` });
  await draftScenarios(bench, law, ideas, result, options);

  const { drafts, leftOut } = await contracts(sources, graph, isTest);
  result.left_out.push(...leftOut);
  for (const draft of drafts) {
    const key = `check:${JSON.stringify(draft.check)}`;
    if (law.invariants.some((one) => sameCheck(one.check, draft) || one.rule === draft.rule)) continue;
    if (isNew(key, draft.rule)) await draftInvariant(bench, law, draft, result);
  }
  return { ...result, known };
}

async function draftScenarios(
  bench: Workbench,
  law: Law,
  ideas: readonly ScenarioIdea[],
  result: Learned,
  { limits, signal, onProgress }: LearnOptions,
): Promise<void> {
  if (ideas.length === 0) return;
  const { whole, file: perFile } = { ...LIMITS, ...limits };
  const command = law.config.tests.command.trim();
  if (command === '') {
    result.left_out.push({ what: 'scenarios', why: 'there is no tests.command in .self-healing/config.yaml' });
    return;
  }
  const { repository } = bench;
  const base = await resolveCommit(repository, 'HEAD');
  const numbered = [...law.scenarios];
  const request = { repository, base, config: law.config, wholeMs: whole, signal, onProgress };
  await withTrial(request, async (trial) => {
    const end = performance.now() + whole;
    let red = 0;
    for (const { test, module, files, from, comment, why } of ideas) {
      if (red === MOST_RED && result.drafts.length === 0) {
        result.left_out.push({
          what: 'more tests',
          why: `the first ${MOST_RED} gave nothing; \`self-healing scenarios run --id S000\` tells whether the tests run here at all`,
        });
        return;
      }
      if (result.drafts.length === MOST_SCENARIOS) {
        result.left_out.push({
          what: 'more tests',
          why: `${MOST_SCENARIOS} drafts are enough for once; run learn again`,
        });
        return;
      }
      const left = end - performance.now();
      if (left <= 0) {
        result.left_out.push({ what: 'more tests', why: 'there was no time left to try them; run learn again' });
        return;
      }
      const alone = await trial.alone(test, Math.min(left, perFile));
      if (alone === undefined) {
        red++;
        result.left_out.push({ what: test, why: 'run alone it is not green, or no command runs just this file' });
        continue;
      }
      const entry = {
        id: nextScenarioId({ scenarios: numbered }),
        name: scenarioName(test, alone.cases),
        ...(why === undefined ? {} : { why }),
        test_command: alone.command,
        proposed: true,
      };
      const green = `green when learn tried it (${alone.cases.length} ${alone.cases.length === 1 ? 'case' : 'cases'})`;
      const missing = why === undefined ? ' Write why it matters before you accept it.' : '';
      const edit = {
        layer: 'scenarios',
        entry,
        module,
        files,
        comment: `From ${comment}; ${green}.${missing}`,
      } as const;
      const added = await add(bench, edit, result, `test:${test}`);
      if (!added) continue;
      numbered.push({ id: entry.id } as Law['scenarios'][number]);
      result.drafts.push({ id: entry.id, layer: 'scenarios', ...added, says: entry.name, from, check: alone.command });
    }
  });
}

async function draftInvariant(bench: Workbench, law: Law, draft: LearnedInvariant, result: Learned): Promise<void> {
  const { rule, severity, category, files, check, why, from } = draft;
  const used = [...law.invariants.map(({ id }) => id), ...result.drafts.map(({ id }) => id)];
  const numbers = used.flatMap((id) => (/^INV-\d{1,9}$/.test(id) ? [Number(id.slice(4))] : []));
  const id = `INV-${String(Math.max(0, ...numbers) + 1).padStart(3, '0')}`;
  const entry = { id, rule, severity, category, files, check, proposed: true };
  const comment = `From ${from}, ${why}; it holds now.`;
  const added = await add(bench, { layer: 'invariants', entry, comment }, result, `check:${JSON.stringify(check)}`);
  if (added) result.drafts.push({ id, layer: 'invariants', ...added, says: rule, from, check });
}

/** Remembered once it is written: from then on it is the person's. */
async function add(
  bench: Workbench,
  edit: Omit<EntryEdit, 'folder'>,
  result: Learned,
  key: string,
): Promise<{ file: string; line: number } | undefined> {
  try {
    const { path, line } = await addOrUpdateEntry({ folder: bench.repository.root, ...edit });
    openCache(bench.db, 'learned', bench.now).set(key, { file: path });
    return { file: path, line };
  } catch (error) {
    if (!(error instanceof UserError || error instanceof ConfigurationError)) throw error;
    result.left_out.push({ what: key.replace(/^\w+:/, ''), why: error.message });
    return undefined;
  }
}

function sameCheck(check: unknown, { check: drafted }: LearnedInvariant): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(check ?? null)), drafted);
}
