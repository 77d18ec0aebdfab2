/** Plugins to compare ours with: our agents alone, with a command hook, and with our hooks on a server that does nothing. */
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PLUGIN } from '../../test/e2e/stage.ts';

/** Answers whatever it is asked, at once, and looks at nothing. */
const IDLE_SERVER = `
const { createInterface } = require('node:readline');
const answer = (method, params) => {
  if (method === 'initialize')
    return { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'idle', version: '1.0.0' } };
  if (method === 'tools/list') return { tools: [] };
  return { content: [{ type: 'text', text: '{}' }] };
};
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id !== undefined) process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result: answer(method, params) }) + '\\n');
});
`;

/** Our agents, and nothing else of ours. */
export async function agentsPlugin(folder: string): Promise<string> {
  await mkdir(join(folder, 'hooks'), { recursive: true });
  for (const part of ['.claude-plugin', 'agents'])
    await cp(join(PLUGIN, part), join(folder, part), { recursive: true });
  return folder;
}

/** Our agents and our server, so that a request to the model holds the same tools; and no hooks. */
export async function unguardedPlugin(folder: string): Promise<string> {
  await agentsPlugin(folder);
  for (const part of ['.mcp.json', 'bin', 'dist'])
    await cp(join(PLUGIN, part), join(folder, part), { recursive: true });
  return folder;
}

/** A plugin that is there already, with one more thing: before each call a hook that starts Node.js. */
export async function withNodeHook(folder: string): Promise<string> {
  const hook = { type: 'command', command: 'node', args: ['-e', '0'] };
  await writeFile(join(folder, 'hooks', 'hooks.json'), JSON.stringify({ hooks: { PreToolUse: [{ hooks: [hook] }] } }));
  return folder;
}

/** The same, and our own hooks, answered at once: what the client itself charges for them. */
export async function idlePlugin(folder: string): Promise<string> {
  await agentsPlugin(folder);
  await cp(join(PLUGIN, 'hooks'), join(folder, 'hooks'), { recursive: true });
  await cp(join(PLUGIN, 'bin'), join(folder, 'bin'), { recursive: true });
  await cp(join(PLUGIN, 'dist'), join(folder, 'dist'), { recursive: true });
  await writeFile(join(folder, 'idle.cjs'), IDLE_SERVER);
  const server = { command: 'node', args: [join(folder, 'idle.cjs')], alwaysLoad: true };
  await writeFile(join(folder, '.mcp.json'), JSON.stringify({ mcpServers: { 'living-context': server } }));
  return folder;
}
