/** What a session of an installed plugin shows when everything of it is there and works. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { ClientRun, StreamEvent } from '../run-client.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** `answer`: what the last tool call was answered; that of a default session when all is well. */
export async function expectWorking(
  run: ClientRun,
  answer: unknown = expect.stringMatching(/"incidents":\[.*"INC-[0-9a-f]{16}"/),
): Promise<void> {
  const init = run.events.find(({ subtype }) => subtype === 'init');
  expect(init).toMatchObject({
    mcp_servers: [{ name: 'plugin:self-healing:living-context', status: 'connected' }],
    agents: expect.arrayContaining(['self-healing:diagnostician', 'self-healing:self-healing']),
    plugins: [{ name: 'self-healing' }],
  });
  expect(init?.plugin_errors ?? []).toEqual([]);
  const commands = (await readdir(join(ROOT, 'commands'))).map((name) => `self-healing:${name.replace('.md', '')}`);
  expect(commands.length).toBeGreaterThanOrEqual(8);
  const offered = (init?.slash_commands ?? []) as string[];
  expect(offered.filter((name) => name.startsWith('self-healing:')).sort()).toEqual(commands.sort());
  expect(hookOf(run, 'SessionStart')).toMatchObject({ exit_code: 0, outcome: 'success' });
  expect(run.result).toMatchObject({ is_error: false, result: answer });
}

/** What a command hook answered. */
export function hookOf(run: ClientRun, event: string): StreamEvent | undefined {
  return run.events.find(({ subtype, hook_event }) => subtype === 'hook_response' && hook_event === event);
}

/** Where the plugin of the session ran from. */
export function pluginPath(run: ClientRun): string {
  const init = run.events.find(({ subtype }) => subtype === 'init');
  return (init?.plugins as { path: string }[] | undefined)?.[0]?.path ?? '';
}
