/** A machine without a Node.js that is new enough: the session goes on, and person and model are told why nothing works. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { bash } from '../../cli/demo/model-reply.ts';
import { type MachineOptions, setUpMachine } from './install/machine.ts';
import { hookOf } from './install/working.ts';

async function machineWith(node: MachineOptions['node']) {
  const user = await setUpMachine({ node });
  onTestFinished(() => user.remove());
  // Where Node.js may lie besides PATH is part of the launcher; the machine of the tests may have one there.
  const launch = join(user.plugin, 'bin', 'launch');
  await writeFile(launch, (await readFile(launch, 'utf8')).replace(/ \/opt\/homebrew.*(?=; do)/, ''));
  return user;
}

it.each([
  ['no Node.js', false, 'no Node.js was found on PATH'],
  ['a Node.js that is too old', { prints: 'v18.20.4' }, /the Node\.js found \(\S+\/bin\/node\) is too old/],
  ['a Node.js that does not start', { prints: '' }, /the Node\.js found \(\S+\/bin\/node\) is too old/],
] as const)('%s is told once, at the start of a session, and by the command line', async (_case, node, problem) => {
  const user = await machineWith(node);
  const run = await user.session(['--plugin-dir', user.plugin], [bash('self-healing doctor 2>&1; echo "exit $?"')]);
  const { systemMessage, hookSpecificOutput } = JSON.parse(String(hookOf(run, 'SessionStart')?.stdout));
  expect(systemMessage).toMatch(problem);
  expect(systemMessage).toContain('Install Node.js 20.19 or newer (22 recommended)');
  expect(hookSpecificOutput).toEqual({ hookEventName: 'SessionStart', additionalContext: systemMessage });
  expect(JSON.stringify(run.requests[0]?.body.messages)).toContain(JSON.stringify(systemMessage).slice(1, -1));
  expect(run.events.find(({ subtype }) => subtype === 'init')).toMatchObject({
    mcp_servers: [{ name: 'plugin:self-healing:living-context', status: 'failed' }],
  });
  expect(run.result).toMatchObject({ is_error: false, result: expect.stringMatching(/exit 2$/) });
  expect(run.result?.result).toContain(systemMessage);
  // The server's hook has nobody to ask; the launcher's lets the turn end.
  const stops = run.events.filter(({ subtype, hook_event }) => subtype === 'hook_response' && hook_event === 'Stop');
  expect(stops.map(({ outcome, stdout }) => [outcome, stdout])).toContainEqual(['success', '{}\n']);
});

it('an environment with hardly anything in it is enough for the launcher', async () => {
  const user = await machineWith(process.execPath);
  const launch = join(user.plugin, 'bin', 'launch');
  const version = `${JSON.parse(await readFile(join(user.plugin, '.claude-plugin', 'plugin.json'), 'utf8')).version}\n`;
  const only = (...env: string[]) => user.run('env', ['-i', ...env, '/bin/sh', launch, 'cli', '--version']);
  expect(await only(`PATH=${user.env.PATH}`)).toMatchObject({ exit: 0, stdout: version });
  expect(await only('PATH=')).toMatchObject({ exit: 2, stderr: expect.stringContaining('no Node.js was found') });
});
