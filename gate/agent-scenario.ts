/** Whether a scenario that a fix adds may be executed, in the tree that stands in a checkout. */
import { existsSync, realpathSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Law } from '../context/law.ts';
import { CALLABLE } from './direct/call/run-call.ts';
import { type Allowed, isAllowedAgentCommand } from './runner/agent-command.ts';
import { packagesIn } from './runner/packages.ts';
import type { Way } from './scenarios/way.ts';

type AgentLaw = Pick<Law, 'config' | 'scenarios'>;

/** What an agent may let run: a test command, a call into the tree's own code, a service that people's scenarios start. */
export function isAllowedAddition(way: Way, law: AgentLaw, checkout: string): Allowed {
  switch (way.by) {
    case 'command':
      return isAllowedCommand(way.command, law, checkout);
    case 'call':
      return isAllowedModule(way.module, checkout);
    case 'http':
      return isAllowedStart(way.start, law);
    default:
      return way satisfies never;
  }
}

export function isAllowedCommand(command: string, law: AgentLaw, checkout: string): Allowed {
  const rules = {
    testCommand: law.config.tests.command,
    commands: law.scenarios.flatMap((scenario) => scenario.test_command ?? []),
    packages: packagesIn(checkout),
  };
  return isAllowedAgentCommand(command, rules, (path) => existsSync(join(checkout, path)));
}

/** A module of the tree itself: installed packages are not what is healed, and a link may lead anywhere. */
export function isAllowedModule(module: string, checkout: string): Allowed {
  const no = (why: string): Allowed => ({ ok: false, why });
  const path = posix.normalize(module);
  if (!CALLABLE.test(path)) return no(`${module} is no JavaScript or TypeScript module.`);
  if (path.split('/').includes('node_modules')) return no(`${module} is an installed package, not code of the tree.`);
  const file = join(checkout, path);
  if (!existsSync(file)) return no(`${module} is no file of the tree.`);
  if (realpathSync(file) !== join(realpathSync(checkout), path)) return no(`${module} leads through a link.`);
  return { ok: true };
}

/** A server is no test runner, so its command cannot be judged by its words: only people bring one. */
export function isAllowedStart(start: string, law: Pick<Law, 'scenarios'>): Allowed {
  const known = law.scenarios.flatMap(({ http }) => http?.start.trim() ?? []);
  if (known.includes(start.trim())) return { ok: true };
  const these = known.length === 0 ? 'and there is none' : `such as ${JSON.stringify(known[0])}`;
  return {
    ok: false,
    why: `Only a command that http scenarios of the base start already may be started, ${these}; another one is for a person to add.`,
  };
}
