/** Counts what a plugin starts per tool call: programs are found by name, and each name on PATH leads over a line in a log. */
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { bash, use } from '../../cli/demo/model-reply.ts';
import { openSession } from './sessions.ts';

/** All that our hooks and our server ever start by name, and what a shell would be. */
const PROGRAMS = ['sh', 'bash', 'node', 'npm', 'git', 'claude'];
const WARM_UP = 5;
const CALLS = 20;

/** Started programs per call, in an ordinary session. The tool's own shell has an absolute path and is not among them. */
export async function countStarts(plugin: string, parent: string): Promise<number> {
  const folder = await mkdtemp(join(parent, 'starts-'));
  const log = join(folder, 'log');
  const path = process.env.PATH ?? '';
  await mkdir(join(folder, 'bin'));
  await writeFile(log, '');
  for (const name of PROGRAMS) {
    const real = path
      .split(delimiter)
      .map((at) => join(at, name))
      .find(existsSync);
    if (real === undefined) continue;
    await writeFile(join(folder, 'bin', name), `#!/bin/sh\necho ${name} >>'${log}'\nexec '${real}' "$@"\n`);
    await chmod(join(folder, 'bin', name), 0o755);
  }
  const session = await openSession(plugin, { PATH: `${join(folder, 'bin')}${delimiter}${path}` });
  try {
    let before = 0;
    for (let call = 0; call < WARM_UP + CALLS; call++) {
      if (call === WARM_UP) before = await lines(log);
      await session.model.answer(use(bash(`true ${'a'.repeat(call + 1)}`)));
    }
    return ((await lines(log)) - before) / CALLS;
  } finally {
    await session.end();
  }
}

async function lines(file: string): Promise<number> {
  return (await readFile(file, 'utf8')).split('\n').length - 1;
}
