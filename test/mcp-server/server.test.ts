import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema, type ElicitResult } from '@modelcontextprotocol/sdk/types.js';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ORDERS_PART } from '../../cli/demo/orders-part.ts';
import { createSample, type Sample } from '../../cli/demo/sample-repository.ts';
import { startFix } from '../../healer/fixes/start-fix.ts';
import { reportError } from '../../healer/incidents/report-error.ts';
import { openWorkbench } from '../../healer/workbench.ts';

/** Tokens are estimated as characters / 4. */
const TOKEN_BUDGET = 6000;
const project = join(import.meta.dirname, '../..');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mcp server ü ')));
const bundle = join(project, 'node_modules/.cache/self-healing-test/server.cjs');
const clients: Client[] = [];
let sample: Sample;

beforeAll(async () => {
  await build({
    entryPoints: [join(project, 'bin/server.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['better-sqlite3'],
    outfile: bundle,
    banner: { js: 'const __bundleUrl=require("node:url").pathToFileURL(__filename).href;' },
    define: {
      'import.meta.url': '__bundleUrl',
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
    },
    logLevel: 'warning',
  });
  sample = await createSample('node-orders', folder);
});

afterAll(async () => {
  for (const client of clients) await client.close();
  rmSync(folder, { recursive: true, force: true });
});

type Answering = (client: Client, message: string) => Promise<ElicitResult>;

/** `person` answers questions; without one the client cannot ask. */
async function connect(cwd = sample.root, env: Record<string, string> = {}, person?: Answering): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, { capabilities: person ? { elicitation: {} } : {} });
  if (person) client.setRequestHandler(ElicitRequestSchema, ({ params }) => person(client, params.message));
  const { PATH = '', HOME = '' } = process.env;
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [bundle],
      cwd,
      env: { PATH, HOME, SELF_HEALING_HOME: join(folder, 'home'), CLAUDE_PROJECT_DIR: cwd, ...env },
      stderr: 'inherit',
    }),
  );
  clients.push(client);
  return client;
}

/** The guard's answer to a write by the agent a1. */
const write = (client: Client, worktree: string, file: string) =>
  call(client, 'guard', {
    event: 'PreToolUse',
    session_id: 's1',
    agent_id: 'a1',
    agent_type: 'self-healing:self-healing',
    cwd: worktree,
    tool_name: 'Write',
    tool_use_id: `toolu_${randomUUID()}`,
    tool_input: JSON.stringify({ file_path: join(worktree, file) }),
  });

interface Called {
  error: boolean;
  text: string;
  data: Record<string, unknown>;
}

async function call(
  client: Client,
  name: string,
  input: Record<string, unknown> = {},
  toolUseId?: string,
): Promise<Called> {
  const meta = toolUseId === undefined ? {} : { _meta: { 'claudecode/toolUseId': toolUseId } };
  const result = await client.callTool({ name, arguments: input, ...meta }, undefined, { timeout: 120_000 });
  const [content] = result.content as { text: string }[];
  return {
    error: result.isError === true,
    text: content?.text ?? '',
    data: (result.structuredContent ?? {}) as Record<string, unknown>,
  };
}

const announce = (client: Client, toolUseId: string, agentId: string, name = 'start_fix', transcript = '') =>
  call(client, 'guard', {
    event: 'PreToolUse',
    transcript_path: transcript,
    session_id: 's1',
    agent_id: agentId,
    agent_type: 'self-healing:self-healing',
    tool_name: `mcp__plugin_self-healing_living-context__${name}`,
    tool_use_id: toolUseId,
    tool_input: '{}',
  });

/** A call of the agent a1 as the client makes it: its hook comes first. */
async function guarded(client: Client, name: string, input: Record<string, unknown>): Promise<Called> {
  const toolUseId = `toolu_${randomUUID()}`;
  await announce(client, toolUseId, 'a1', name);
  return call(client, name, input, toolUseId);
}

describe('what the server offers', () => {
  it('lists the fourteen tools with schemas, within the token budget, and not the guard', async () => {
    const client = await connect();
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'report_error',
      'list_incidents',
      'start_fix',
      'record_diagnosis',
      'record_plan',
      'get_context',
      'get_impact',
      'search_incidents',
      'run_scenarios',
      'edit_context',
      'verify_fix',
      'propose_pr',
      'escalate',
      'dismiss_incident',
    ]);
    for (const tool of tools) {
      expect(tool.outputSchema?.type, tool.name).toBe('object');
      expect(tool.annotations?.readOnlyHint, tool.name).toBeTypeOf('boolean');
    }
    const shown = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
    const tokens = Math.ceil(JSON.stringify(shown).length / 4);
    console.log(`tool definitions: ${tokens} tokens of ${TOKEN_BUDGET}`);
    expect(tokens).toBeLessThanOrEqual(TOKEN_BUDGET);
    expect(client.getInstructions()).toContain('get_context');
  });

  it('offers the four layers as resources, listed without a repository and read from the YAML as it is', async () => {
    const client = await connect();
    const { resources } = await client.listResources();
    const layers = ['scenarios', 'invariants', 'impact', 'incidents'];
    expect(resources.map(({ uri }) => uri)).toEqual(layers.map((layer) => `living-context://${layer}`));
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toContain('living-context://scenarios/{+module}');
    const read = async (uri: string) => {
      const [content] = (await client.readResource({ uri })).contents;
      return content && 'text' in content ? content.text : '';
    };
    for (const layer of layers)
      expect(await read(`living-context://${layer}`)).toMatch(new RegExp(`^# ${layer} \\(\\d+\\)\n- `));
    await expect(read('living-context://scenarios/no-such-module')).rejects.toThrow(/There is no resource/);
    await expect(read('living-context://elsewhere')).rejects.toThrow(/The layers are living-context:\/\/scenarios/);
    const outside = join(folder, 'no-repository');
    mkdirSync(outside);
    const lost = await connect(outside);
    expect((await lost.listResources()).resources).toHaveLength(4);
    await expect(lost.readResource({ uri: 'living-context://impact' })).rejects.toThrow(
      /is not inside a git repository/,
    );
  });

  it('answers what it cannot do with a code and the next step', async () => {
    const client = await connect();
    expect(await call(client, 'nonsense')).toMatchObject({ error: true, text: expect.stringMatching(/^not_found: /) });
    expect(await call(client, 'start_fix', { incident: 'INC-x' })).toMatchObject({
      error: true,
      text: expect.stringMatching(/^bad_input: start_fix: incident: an incident id/),
    });
    expect(await call(client, 'start_fix', { incident: 'INC-0000000000000000' })).toMatchObject({
      error: true,
      text: expect.stringMatching(/^not_found: /),
    });
    expect(await call(client, 'verify_fix', { incident: 'INC-0000000000000000' })).toMatchObject({
      error: true,
      text: 'not_allowed: No fix is open in this session.\nNext: Call start_fix with INC-0000000000000000 first.',
    });
    expect(await call(client, 'get_context', {})).toMatchObject({
      error: true,
      text: expect.stringContaining('give files or incident'),
    });
  });

  it('stays up where there is no repository, and says so', async () => {
    const outside = join(folder, 'outside');
    mkdirSync(outside);
    const client = await connect(outside);
    const first = await call(client, 'list_incidents');
    expect(first).toMatchObject({ error: true, text: expect.stringContaining('is not inside a git repository') });
    expect(await call(client, 'list_incidents')).toMatchObject({ error: true });
  });
});

// Several verifications: a busy machine takes its time.
describe('one incident, from report to proposal', { timeout: 300_000 }, () => {
  it('reads, heals and proposes through the tools alone', async () => {
    /** What could be done while the person was asked. */
    const meanwhile: unknown[] = [];
    const client = await connect(sample.root, {}, async (asked, message) => {
      const status = await call(asked, 'list_incidents');
      const reported = await call(asked, 'report_error', { text: 'Error: somewhere else\n    at go (src/app.js:1:1)' });
      meanwhile.push(message.split('\n')[0], status.data.incidents, reported.error);
      return { action: 'decline' };
    });
    const reported = await call(client, 'report_error', { text: sample.log });
    expect(reported.error, reported.text).toBe(false);
    const incident = String(reported.data.incident);
    expect(reported.data).toMatchObject({
      status: 'queued',
      event: { type: 'TypeError', file: 'src/tenant-context.js' },
    });
    expect((await call(client, 'list_incidents')).data).toMatchObject({ incidents: [{ incident, status: 'queued' }] });

    const context = await call(client, 'get_context', { files: ['src/tenant-context.js'] });
    expect(context.data.text).toContain('## Self-Healing Context');
    const impact = await call(client, 'get_impact', { files: ['src/tenant-context.js'] });
    expect(impact.data).toMatchObject({
      files: { 'src/tenant-context.js': { direct: expect.arrayContaining(['src/app.js']) } },
    });
    expect((await call(client, 'search_incidents', { query: '\'; DROP TABLE " AND NEAR(' })).error).toBe(false);

    await announce(client, 'toolu_1', 'a1');
    const started = await call(client, 'start_fix', { incident }, 'toolu_1');
    expect(started.error, started.text).toBe(false);
    expect(started.data).toMatchObject({ branch: `hotfix/auto-${incident.slice(4)}`, warnings: [] });
    const worktree = String(started.data.worktree);
    expect((await call(client, 'start_fix', { incident })).data.worktree).toBe(worktree);

    expect((await write(client, worktree, 'src/other.js')).text).toContain('scope.no_diagnosis');

    const other = 'INC-0123456789abcdef';
    expect(await call(client, 'start_fix', { incident: other })).toMatchObject({
      error: true,
      text: expect.stringContaining(`bound to ${incident}`),
    });
    expect(await call(client, 'escalate', { incident: other, reason: 'x', needs: 'y' })).toMatchObject({
      error: true,
      text: expect.stringMatching(/^not_allowed/),
    });

    const { look: _, diagnosis, tests, scenario, edits, title, summary } = ORDERS_PART;
    const diagnosed = await call(client, 'record_diagnosis', { incident, ...diagnosis });
    expect(diagnosed.data, diagnosed.text).toMatchObject({
      autonomy: 'fix',
      affected_files: ['src/tenant-context.js'],
    });
    expect(await guarded(client, 'propose_pr', { incident, title, summary })).toMatchObject({
      error: true,
      text: expect.stringMatching(/^not_allowed/),
    });

    for (const test of tests) {
      mkdirSync(dirname(join(worktree, test.file)), { recursive: true });
      writeFileSync(join(worktree, test.file), test.text);
    }
    const added = await call(client, 'edit_context', {
      layer: 'scenarios',
      incident,
      entry: { ...scenario, incident },
    });
    expect(added.error, added.text).toBe(false);
    const unfixed = await guarded(client, 'verify_fix', { incident });
    expect(unfixed.data).toMatchObject({ verdict: 'fail', iteration: 1, checks: { reproduction: { status: 'fail' } } });

    for (const edit of edits) {
      const file = join(worktree, edit.file);
      writeFileSync(file, readFileSync(file, 'utf8').replace(edit.find, edit.put));
    }
    const runs = await call(client, 'run_scenarios', { incident, at: 'worktree' });
    expect(runs.data, runs.text).toMatchObject({ counts: { passed: expect.any(Number) } });
    const verified = await guarded(client, 'verify_fix', { incident });
    expect(verified.data, verified.text).toMatchObject({ verdict: 'pass', iteration: 2 });

    writeFileSync(
      join(worktree, 'src/tenant-context.js'),
      `${readFileSync(join(worktree, 'src/tenant-context.js'), 'utf8')}\n`,
    );
    expect(await guarded(client, 'propose_pr', { incident, title, summary })).toMatchObject({
      error: true,
      text: expect.stringMatching(/^stale: The worktree changed/),
    });
    expect((await guarded(client, 'verify_fix', { incident })).data).toMatchObject({ verdict: 'pass', iteration: 3 });
    const proposed = await guarded(client, 'propose_pr', { incident, title, summary });
    expect(proposed.data, proposed.text).toMatchObject({
      status: 'awaiting_approval',
      next: expect.stringContaining('the question was declined'),
    });
    // It was handed in: whoever writes now would change what a person is asked about.
    expect((await write(client, worktree, 'src/tenant-context.js')).text).toContain('[scope.closed]');
    expect(meanwhile).toMatchObject([
      `Publish the fix of ${incident}?`,
      [{ incident, status: 'awaiting_publish', verdict: 'pass', needs_person: true }],
      false,
    ]);

    const elsewhere = await connect();
    const typed = {
      event: 'UserPromptExpansion',
      session_id: 's1',
      command_name: 'self-healing:approve',
      command_args: incident,
    };
    expect((await call(elsewhere, 'guard', typed)).text).toContain(
      'not_allowed: this session does not hold the evidence',
    );
    const approved = await call(client, 'guard', typed);
    expect(approved.text).toContain(`is published on hotfix/auto-${incident.slice(4)}`);
    const message = execFileSync('git', ['log', '-1', '--format=%B', `hotfix/auto-${incident.slice(4)}`], {
      cwd: sample.root,
      encoding: 'utf8',
    });
    expect(message).toContain(`Self-Healing-Incident: ${incident}/1`);
    expect(existsSync(join(sample.root, `.self-healing/reports/${incident}.md`))).toBe(true);
  });
});

describe('a server that was started again in its session', { timeout: 120_000 }, () => {
  it('finds the fix of its session again, and judges what was done without it before it gives a verdict', async () => {
    const { root, log } = await createSample('node-orders', join(folder, 'again'));
    const session = { CLAUDE_CODE_SESSION_ID: 's1' };
    const first = await connect(root, session);
    const incident = String((await call(first, 'report_error', { text: log })).data.incident);
    const transcript = join(folder, 'projects', 's1.jsonl');
    await announce(first, 'toolu_start', 'a1', 'start_fix', transcript);
    const started = await call(first, 'start_fix', { incident }, 'toolu_start');
    const diagnosed = await guarded(first, 'record_diagnosis', { incident, ...ORDERS_PART.diagnosis });
    expect(diagnosed.error, diagnosed.text).toBe(false);
    await first.close();

    const stranger = await connect(root, { CLAUDE_CODE_SESSION_ID: 'another' });
    expect(await call(stranger, 'verify_fix', { incident }, 'toolu_x')).toMatchObject({
      error: true,
      text: expect.stringContaining('No fix is open in this session'),
    });
    await stranger.close();

    const second = await connect(root, session);
    const worktree = String(started.data.worktree);
    expect(existsSync(worktree)).toBe(true);
    writeFileSync(join(worktree, 'test/x.test.js'), '');
    const verified = await call(second, 'verify_fix', { incident }, 'toolu_verify');
    expect(verified.data, verified.text).toMatchObject({
      verdict: 'refuse',
      checks: { guardrails: { findings: [{ code: 'guardrails.not_judged' }] } },
    });
    expect((await call(second, 'propose_pr', { incident, title: 'x', summary: 'x' }, 'toolu_propose')).text).toMatch(
      /^not_allowed: The hooks of this session stopped answering/,
    );
    await second.close();
    // The run is the session's, whichever server serves it: what refused it stays said.
    const third = await connect(root, session);
    expect((await call(third, 'verify_fix', { incident }, 'toolu_again')).text).toMatch(
      /^not_allowed: The gate refused this run/,
    );
  });
});

describe('a headless run', () => {
  it('is served for its incident alone, also by a second server after the first is gone', async () => {
    const { root, log } = await createSample('node-orders', join(folder, 'headless'));
    process.env.SELF_HEALING_HOME = join(folder, 'home');
    const bench = await openWorkbench(root);
    const { incident } = await reportError(bench, { text: log });
    const fix = await startFix(bench, { incident });
    const env = { SELF_HEALING_INCIDENT: incident, SELF_HEALING_RUN: 'run-1' };
    const first = await connect(root, env);
    expect(await call(first, 'report_error', { text: log })).toMatchObject({
      error: true,
      text: expect.stringMatching(/^not_allowed/),
    });
    const { diagnosis } = ORDERS_PART;
    const diagnosed = await call(first, 'record_diagnosis', { incident, ...diagnosis });
    expect(diagnosed.data, diagnosed.text).toMatchObject({ autonomy: 'fix' });
    await first.close();

    const second = await connect(root, env);
    const write = (file: string) =>
      call(second, 'guard', {
        event: 'PreToolUse',
        session_id: 's2',
        agent_type: 'self-healing:self-healing',
        cwd: fix.worktree,
        tool_name: 'Write',
        tool_input: JSON.stringify({ file_path: join(fix.worktree, file) }),
      });
    expect((await write('src/tenant-context.js')).text).toBe('{}');
    expect((await write('src/app.js')).text).toContain('scope.outside_diagnosis');
    const other = await call(second, 'escalate', { incident: 'INC-0123456789abcdef', reason: 'x', needs: 'y' });
    expect(other).toMatchObject({ error: true, text: expect.stringContaining(`bound to ${incident}`) });
    await bench.close();
  });
});
