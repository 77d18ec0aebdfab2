/** What the repository says: that it can be healed, that its documents are read, how it is tested. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { filesOfFolder } from '../../context/detect/project-files.ts';
import { detect } from '../../context/detect.ts';
import { lint } from '../../context/lint.ts';
import { openRepository, type Repository, resolveCommit } from '../../context/repository.ts';
import { workingConfig } from '../../healer/incidents/working-config.ts';
import { type Check, check, ok } from './check.ts';

export async function repositoryChecks(cwd: string): Promise<Check[]> {
  let repository: Repository | undefined;
  const found = await check('repository', async () => {
    repository = await openRepository(cwd);
    const commit = await resolveCommit(repository, 'HEAD');
    return ok(`${repository.root} at ${commit.slice(0, 12)}`);
  });
  if (repository === undefined) return [found];
  const context = await contextCheck(repository);
  // What cannot be read says so once.
  return context.status === 'fail' ? [found, context] : [found, context, await testsCheck(repository)];
}

function contextCheck(repository: Repository): Promise<Check> {
  return check('context', async () => {
    await workingConfig(repository);
    const findings = await lint(repository.root);
    if (findings.length === 0 && !existsSync(join(repository.root, '.self-healing', 'config.yaml')))
      return ok('no .self-healing/config.yaml: detected defaults are used (`self-healing init` writes them down)');
    if (findings.length === 0) return ok('.self-healing/ has no errors');
    const [first] = findings;
    const where = first ? `${first.file}:${first.line}:${first.column}: ${first.message}` : '';
    return {
      status: 'warn',
      detail: findings.length === 1 ? where : `${where} (and ${findings.length - 1} more)`,
      fix: 'See them all with `self-healing context lint`.',
    };
  });
}

function testsCheck(repository: Repository): Promise<Check> {
  return check('tests', async () => {
    const config = await workingConfig(repository);
    if (config.tests.command !== '') return ok(`${config.tests.command} (tests.command)`);
    const { testCommand } = await detect(await filesOfFolder(repository.root));
    if (testCommand !== '') return ok(`${testCommand} (detected)`);
    return {
      status: 'warn',
      detail: 'no test command was found: a fix is proven by its own reproduction and scenarios alone',
      fix: 'Set tests.command in .self-healing/config.yaml (`self-healing init` writes the file).',
    };
  });
}
