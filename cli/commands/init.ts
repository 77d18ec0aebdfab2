import { confirm, isCancel, text } from '@clack/prompts';
import { z } from 'zod';
import { filesOfFolder } from '../../context/detect/project-files.ts';
import { type Detection, detect } from '../../context/detect.ts';
import { type Initialised, initialise } from '../../context/init.ts';
import { CONFIG_FILE } from '../../context/law/files.ts';
import { openRepository } from '../../context/repository.ts';
import { HEAL_WORKFLOW_FILE, WORKFLOW_FILE, type WrittenWorkflows, writeWorkflows } from '../ci-workflow.ts';
import { command, JSON_OPTION } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { clip } from '../table.ts';
import { type FirstTry, HAS_ERRORS, tellTried, tryFirst } from '../try-first.ts';

const LONGEST_ABOUT = 90;

export const initCommand = command({
  name: 'init',
  summary: 'write the first .self-healing/ of this repository, filled with what is found in it and was tried',
  options: [
    ['--yes', 'ask nothing'],
    [
      '--ci',
      `also write ${WORKFLOW_FILE}, which judges every pull request, and ${HEAL_WORKFLOW_FILE}, which heals failed runs`,
    ],
    JSON_OPTION,
  ],
  input: z.object({
    yes: z.boolean().default(false),
    ci: z.boolean().default(false),
    json: z.boolean().default(false),
  }),
  async run({ yes, ci, json }, call) {
    const repository = await openRepository(call.cwd);
    const { root } = repository;
    const asks = !yes && !json && call.interactive && process.stdin.isTTY === true;
    const given = asks ? await ask(root, call.signal) : {};
    if (given === undefined) return { text: 'Nothing was written.', exit: EXIT.escalated };
    const first = await tryFirst(repository, given, call);
    const { tried, scenarios = [], checks, invariants = [] } = first;
    const done = await initialise(repository, {
      testCommand: first.command,
      tests: scenarios,
      invariants,
      ...(checks ? { checks } : {}),
      knownFailing: 'failing' in tried ? tried.failing : [],
    });
    const { written, kept, detected } = done;
    const workflows = ci ? await writeWorkflows(root, call.version, first.command) : undefined;
    written.push(...(workflows?.written ?? []));
    kept.push(...(workflows?.kept ?? []));
    return {
      value: {
        written,
        kept,
        detected: { ...detected, testCommand: first.command },
        tried,
        scenarios: scenarios.map(({ name, file, files, command: line }) => ({ name, file, files, test_command: line })),
        invariants: invariants.map(({ rule, why }) => ({ rule, why, proposed: true })),
      },
      text: [
        ...tellFound(detected, first),
        ...tellTried(first, written.includes(CONFIG_FILE), call),
        '',
        ...tellWritten(done, first),
        ...(workflows === undefined ? [] : tellWorkflows(workflows)),
      ].join('\n'),
    };
  },
});

function tellWorkflows({ written, withoutSource, nothingToHeal }: WrittenWorkflows): string[] {
  return [
    ...(withoutSource.length > 0
      ? [`In ${withoutSource.join(' and ')} fill in SOURCE: the git address that self-healing is fetched from in CI.`]
      : []),
    ...(written.includes(HEAL_WORKFLOW_FILE)
      ? [
          `${HEAL_WORKFLOW_FILE} needs the secret ANTHROPIC_API_KEY, and "Allow GitHub Actions to create and approve pull requests" (repository settings, Actions, General).`,
        ]
      : []),
    ...(nothingToHeal
      ? [`There is no workflow yet whose failures could be healed, so ${HEAL_WORKFLOW_FILE} was not written.`]
      : []),
  ];
}

function tellFound(
  { languages, services, testWhy, testCommand, why }: Detection,
  { command: chosen }: FirstTry,
): string[] {
  const what = languages.length > 0 ? languages.slice(0, 3).join(', ') : 'no language that is known';
  const tests = chosen === testCommand && testWhy !== '' ? `${chosen} (${testWhy})` : chosen;
  const named = services.map(({ name, paths }) => `${name} (${paths.join(', ')})`);
  return [
    `Found ${what}${tests === '' ? '' : `, tested by ${tests}`}.`,
    ...(named.length > 0 ? [`Services: ${named.slice(0, 5).join(', ')}${named.length > 5 ? ', …' : ''}.`] : []),
    ...(chosen === ''
      ? [
          ...why.filter((line) => line.startsWith('No test command:')),
          'Without a test command nothing can be proven: set tests.command in .self-healing/config.yaml.',
        ]
      : []),
  ];
}

function tellWritten(
  { written, kept }: Initialised,
  { tried, scenarios = [], checks = [], invariants = [] }: FirstTry,
): string[] {
  const isFor = (path: string, folder: string) => path.startsWith(`.self-healing/${folder}`);
  const shown = written.filter((path) => !isFor(path, '.schema/') && !isFor(path, '.gitignore'));
  const others = kept.filter((path) => !isFor(path, '.'));
  const own = shown.filter((path) => isFor(path, 'scenarios/'));
  const about = (path: string) => {
    if (path.endsWith('/invariants.yaml') && invariants.length > 0)
      return `${invariants.length} ${invariants.length === 1 ? 'draft' : 'drafts'} without force: ${invariants.map(({ rule }) => rule).join('; ')}`;
    if (path.endsWith('/project.yaml') && checks.length > 0) return checks.map(({ command: line }) => line).join(', ');
    return scenarios.find(({ module }) => path === `.self-healing/scenarios/${module}.yaml`)?.name ?? '';
  };
  const line = (path: string) => `  ${path}${about(path) === '' ? '' : `  ${clip(about(path), LONGEST_ABOUT)}`}`;
  const rest = shown.filter((path) => !own.includes(path));
  return [
    ...(shown.length > 0 ? ['Wrote', ...[...rest, ...own].map(line)] : ['Wrote nothing: everything is there already.']),
    ...(others.length > 0 && shown.length > 0 ? [`Kept as they are: ${others.join(', ')}`] : []),
    '',
    `Next: ${nextOf(shown.length > 0, tried)}`,
  ];
}

function nextOf(wrote: boolean, tried: FirstTry['tried']): string {
  if (tried.status === 'skipped' && tried.why.startsWith(HAS_ERRORS))
    return 'correct what is named above; self-healing context lint finds whatever is left';
  const commit = 'commit .self-healing/ (a fix is judged by what is committed), then self-healing heal --error FILE';
  return wrote ? `read them and ${commit}` : `where it is not done yet, ${commit}`;
}

/** Undefined when the person does not want to go on. */
async function ask(root: string, signal: AbortSignal): Promise<{ testCommand?: string } | undefined> {
  const { testCommand } = await detect(await filesOfFolder(root));
  const command = await text({
    message: 'Which command runs all tests?',
    initialValue: testCommand,
    placeholder: 'none yet',
    defaultValue: '',
    signal,
  });
  if (isCancel(command)) return undefined;
  const go = await confirm({ message: 'Write .self-healing/ into this repository?', signal });
  return go === true ? { testCommand: command } : undefined;
}
