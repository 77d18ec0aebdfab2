/** Which checks a command line runs, by the names of their programs: for what no reader of reports knows. */

import { programName } from '../../shell/program-name.ts';
import { readShell, type SimpleCommand } from '../../shell.ts';
import { maskVolatile } from '../volatile.ts';

export interface CheckCommand {
  /** The checks, as they were called. */
  name: string;
  /** The command's exit code is that of the check: nothing comes after it. */
  tellsExit: boolean;
}

const PROGRAMS = new Set(
  (
    'vitest jest mocha ava tap tape pytest py.test unittest nose2 tox nox rspec rubocop phpunit pest phpstan psalm tsc ' +
    'vue-tsc eslint biome oxlint stylelint ruff mypy pyright flake8 pylint shellcheck golangci-lint staticcheck ctest ' +
    'playwright cypress karma bats actionlint hadolint tflint yamllint ansible-lint markdownlint markdownlint-cli2 ktlint detekt ' +
    'swiftlint swift-format checkstyle clang-tidy cppcheck credo dialyzer kubeconform kubeval conftest standardrb erb_lint ' +
    'brakeman sqlfluff sorbet srb pyre basedpyright pytype bandit gcc g++ clang clang++ cc c++ javac kotlinc scalac rustc ' +
    'ghc elixirc ninja xcodebuild busted prove testthat behat codecept wtr testcafe newman k6'
  ).split(' '),
);
/** Tools whose first word says what they do. */
const WITH_TASK = new Set(
  (
    'npm pnpm yarn bun deno make just task rake gradle gradlew mvn mvnw go cargo dotnet swift mix sbt ' +
    'bazel composer node rails flutter dart cmake meson terraform tofu helm lein stack cabal zig crystal ' +
    'nx turbo lerna moon pants buck2 ember ng rushx scons mill'
  ).split(' '),
);
const TASK =
  /^(?:--test|t|tst)$|(?:^|[:_./-])(?:tests?|checks?|lint|types?|typecheck|tsc|vet|clippy|nextest|build|assemble|analy[sz]e|compile\w*|verify|specs?|unit|e2e|ci|validate)(?:$|[:_./-])/;
const SCRIPT = /(?:^|[/._-])(?:tests?|checks?|lint|verify|specs?|e2e)(?:[._-][\w.-]{0,60})?$/;
const INTERPRETERS = new Set('sh bash dash zsh node python python3 ruby php perl ts-node tsx deno bun'.split(' '));
/** They run the rest of their words; those with a word of their own need it first. */
const RUNNERS: Record<string, string | undefined> = {
  npx: '',
  bunx: '',
  pnpx: '',
  env: '',
  'cross-env': '',
  time: '',
  nice: '',
  nohup: '',
  command: '',
  exec: '',
  stdbuf: '',
  'xvfb-run': '',
  uv: 'run',
  poetry: 'run',
  pipenv: 'run',
  pdm: 'run',
  hatch: 'run',
  bundle: 'exec',
};

/** Undefined when no check is known in it. */
export function readCheckCommand(command: string): CheckCommand | undefined {
  const reading = readShell(command);
  if (!reading.ok) return undefined;
  const names = reading.commands.map(checkName);
  const checks = names.flatMap((name) => name ?? []);
  if (checks.length === 0) return undefined;
  return { name: checks.join(' && '), tellsExit: names.at(-1) !== undefined };
}

function checkName({ words }: SimpleCommand): string | undefined {
  const called = unwrapped(words.map(({ text }) => text));
  const [program, ...rest] = called;
  if (program === undefined || !isCheck(programName({ text: program }), rest)) return undefined;
  return maskVolatile(called.join(' ')).slice(0, 200);
}

function isCheck(program: string, rest: readonly string[]): boolean {
  if (PROGRAMS.has(program)) return true;
  if (/^(?:terraform|tofu)$/.test(program)) return rest.includes('validate');
  const operands = rest.filter((word) => !word.startsWith('-') && word !== 'run' && word !== 'exec');
  if (WITH_TASK.has(program) && (rest.includes('--test') || operands.some((word) => TASK.test(word)))) return true;
  const script = INTERPRETERS.has(program) ? operands[0] : program;
  return script !== undefined && SCRIPT.test(script.replace(/\.(?:[cm]?[jt]sx?|py|sh|rb|php)$/, ''));
}

function unwrapped(words: readonly string[]): readonly string[] {
  let rest = words;
  for (let depth = 0; depth < 6; depth++) {
    const name = programName({ text: rest[0] ?? '' });
    if (name === 'timeout') rest = afterOptions(rest.slice(1)).slice(1);
    else if (/^python[\d.]*$/.test(name) && rest[1] === '-m') rest = rest.slice(2);
    else if (name === 'php' && rest[1] !== undefined && !rest[1].startsWith('-')) rest = rest.slice(1);
    else if (RUNNERS[name] === '') rest = afterOptions(rest.slice(1));
    else if (RUNNERS[name] !== undefined && rest[1] === RUNNERS[name]) rest = afterOptions(rest.slice(2));
    else if (/^(?:npm|pnpm|yarn|bun)$/.test(name) && /^(?:exec|dlx|x)$/.test(rest[1] ?? ''))
      rest = afterOptions(rest.slice(2));
    else return rest;
  }
  return rest;
}

function afterOptions(words: readonly string[]): readonly string[] {
  const at = words.findIndex((word) => !word.startsWith('-') && !/^[A-Za-z_]\w{0,60}=/.test(word));
  return at < 0 ? [] : words.slice(at);
}
