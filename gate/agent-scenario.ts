/** Whether a scenario that a fix adds may be executed, in the tree that stands in a checkout. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Law } from '../context/law.ts';
import { type Allowed, isAllowedAgentCommand } from './runner/agent-command.ts';
import { packagesIn } from './runner/packages.ts';

export function isAllowedAddition(command: string, law: Pick<Law, 'config' | 'scenarios'>, checkout: string): Allowed {
  const rules = {
    testCommand: law.config.tests.command,
    commands: law.scenarios.flatMap((scenario) => scenario.test_command ?? []),
    packages: packagesIn(checkout),
  };
  return isAllowedAgentCommand(command, rules, (path) => existsSync(join(checkout, path)));
}
