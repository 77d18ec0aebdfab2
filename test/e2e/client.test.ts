/** The harness itself: a throw-away plugin in the real client, so that a red product test is never the harness's fault. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bash, livingContext, say, use } from '../../cli/demo/model-reply.ts';
import { runClient, startClient, toolUses } from './run-client.ts';

const SERVER = `
let buffer = '';
const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n');
const answers = {
  initialize: ({ params }) => ({ protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'probe', version: '1' } }),
  'tools/list': () => ({ tools: [{ name: 'echo', description: 'says it again', inputSchema: { type: 'object', properties: { text: { type: 'string' } } } }] }),
  'tools/call': ({ params }) => ({ content: [{ type: 'text', text: 'echo of ' + params.arguments.text }] }),
};
process.stdin.on('data', (chunk) => {
  buffer += chunk;
  const lines = buffer.split('\\n');
  buffer = lines.pop();
  for (const line of lines) {
    const request = JSON.parse(line);
    if (request.id !== undefined) send({ id: request.id, result: (answers[request.method] ?? (() => ({})))(request) });
  }
});
`;
const HOOK = `
require('node:fs').appendFileSync(process.argv[2], require('node:fs').readFileSync(0, 'utf8').trim() + '\\n');
`;

let folder: string;
let plugin: string;
let project: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'harness-'));
  plugin = join(folder, 'plugin');
  project = join(folder, 'a project');
  const hookLog = join(folder, 'hooks.jsonl');
  const command = { type: 'command', command: 'node', args: [join(plugin, 'hook.cjs'), hookLog] };
  const files = {
    '.claude-plugin/plugin.json': {
      name: 'self-healing',
      version: '0.0.1',
      description: 'probe',
      author: { name: 'x' },
    },
    '.mcp.json': {
      mcpServers: { 'living-context': { command: 'node', args: [join(plugin, 'server.cjs')], alwaysLoad: true } },
    },
    'hooks/hooks.json': { hooks: { PreToolUse: [{ matcher: '.*', hooks: [command] }] } },
    'agents/diagnostician.md':
      '---\nname: diagnostician\ndescription: probe\ntools: Bash\n---\nYou are the diagnostician.\n',
    'server.cjs': SERVER,
    'hook.cjs': HOOK,
  };
  await mkdir(project);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(plugin, path, '..'), { recursive: true });
    await writeFile(join(plugin, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
});

afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

describe('the harness', () => {
  it('runs the real client: plugin loaded, hook fired, MCP tool called, stream parsed, requests recorded', async () => {
    const run = await runClient({
      args: ['-p', 'go', '--allowedTools', 'Bash', 'mcp__plugin_self-healing_living-context'],
      cwd: project,
      pluginDir: plugin,
      model: [
        { step: 0, reply: use(livingContext('echo', { text: 'hello' }), bash('pwd')) },
        { step: 1, reply: (turn) => say(`I saw: ${turn.lastToolResults.join(' | ')}`) },
      ],
    });
    expect(run).toMatchObject({ exit: 0, signal: null, timedOut: false });
    expect(run.result).toMatchObject({ is_error: false, result: `I saw: echo of hello | ${project}` });
    expect(run.events.find((event) => event.subtype === 'init')).toMatchObject({
      mcp_servers: [{ name: 'plugin:self-healing:living-context', status: 'connected' }],
    });
    expect(toolUses(run.events).map((call) => call.name)).toEqual([
      'mcp__plugin_self-healing_living-context__echo',
      'Bash',
    ]);
    const hooks = (await readFile(join(folder, 'hooks.jsonl'), 'utf8')).trim().split('\n');
    expect(hooks.map((line) => JSON.parse(line).tool_name).sort()).toEqual([
      'Bash',
      'mcp__plugin_self-healing_living-context__echo',
    ]);
    expect(run.requests.map(({ turn }) => [turn.agent, turn.step])).toEqual([
      ['main', 0],
      ['main', 1],
    ]);
    expect(run.requests[0]?.turn.tools).toContain('mcp__plugin_self-healing_living-context__echo');
    expect(run.debugLog).toContain('plugin');
  });

  it('tells an agent by its own text, and a part that is not written ends the run at once', async () => {
    const run = await runClient({
      args: ['-p', 'go', '--agent', 'self-healing:diagnostician'],
      cwd: project,
      pluginDir: plugin,
      model: [{ agent: 'self-healing', reply: say('not me') }],
    });
    expect(new Set(run.requests.map(({ turn }) => turn.agent))).toEqual(new Set(['diagnostician']));
    expect(run).toMatchObject({ exit: 1, result: { is_error: true } });
    expect(run.result?.result).toContain('no rule for diagnostician at step 0');
  });

  it('ends a client that hangs, with everything it started', async () => {
    const started = Date.now();
    const run = await runClient({
      args: ['-p', 'go'],
      cwd: project,
      pluginDir: plugin,
      model: () => ({ kind: 'hang' }),
      timeoutMs: 3_000,
    });
    expect(run).toMatchObject({ timedOut: true, signal: 'SIGKILL', result: undefined });
    expect(Date.now() - started).toBeLessThan(15_000);
  });

  it('hands a running client out, so that tests can kill it', async () => {
    let asked = () => {};
    const up = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const model = () => {
      asked();
      return { kind: 'hang' as const };
    };
    const client = await startClient({ args: ['-p', 'go'], cwd: project, model });
    await up;
    client.kill('SIGTERM');
    expect(await client.done).toMatchObject({ exit: 143, timedOut: false });
  });
});
