import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../../context/schemas/config.ts';
import { type ClaudeRun, runClaude } from '../../../healer/runs/claude.ts';
import { freshFolder } from '../sample-repository.ts';
import { fakeClient } from './fake-client.ts';

const linux = process.platform === 'linux';

function run(script: string, options: Partial<ClaudeRun> & { silence?: number; wall?: number } = {}) {
  const folder = freshFolder('réal folder');
  const { silence = 20_000, wall = 30_000, ...others } = options;
  const given: ClaudeRun = {
    id: randomUUID(),
    incident: 'INC-0123456789abcdef',
    agent: 'self-healing',
    prompt: 'Fix incident INC-0123456789abcdef.',
    session: { start: '22222222-2222-4222-8222-222222222222' },
    cwd: folder,
    home: folder,
    pluginDir: '/plugin',
    settings: { ...defaultConfig().claude, command: fakeClient(folder, script) },
    limits: { silence_timeout: silence, wall_clock: wall },
    maxUsd: 1.5,
    ...others,
  };
  return { folder, given, done: runClaude(given) };
}

async function ended(pid: number): Promise<boolean> {
  for (let waited = 0; waited < 50; waited++) {
    try {
      process.kill(pid, 0);
      if (linux && /^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) return true;
    } catch {
      return true;
    }
    await sleep(20);
  }
  return false;
}

describe('a run of the client', () => {
  it('is started with everything that the guards rest on, and leaves its stream behind', async () => {
    const { folder, given, done } = run(`
      require('node:fs').writeFileSync('seen.json', JSON.stringify({ argv: process.argv.slice(2), env: process.env, cwd: process.cwd() }));
      print(INIT, ...call('1', 'Bash', { command: 'ls' }, 'ok'), RESULT);`);
    const finished = await done;
    expect(finished).toMatchObject({
      mode: null,
      costUsd: 0.5,
      guarded: true,
      sessionId: '11111111-1111-4111-8111-111111111111',
    });
    const { argv, env, cwd } = JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8'));
    const after = (flag: string) => argv[argv.indexOf(flag) + 1];
    expect(cwd).toBe(folder);
    expect(
      Object.fromEntries(
        [
          '-p',
          '--agent',
          '--session-id',
          '--plugin-dir',
          '--setting-sources',
          '--permission-mode',
          '--max-budget-usd',
          '--max-turns',
        ].map((flag) => [flag, after(flag)]),
      ),
    ).toEqual({
      '-p': 'Fix incident INC-0123456789abcdef.',
      '--agent': 'self-healing:self-healing',
      '--session-id': '22222222-2222-4222-8222-222222222222',
      '--plugin-dir': '/plugin',
      '--setting-sources': 'user',
      '--permission-mode': 'dontAsk',
      '--max-budget-usd': '1.5',
      '--max-turns': '120',
    });
    expect(argv).toContain('--include-hook-events');
    expect(env).toMatchObject({ SELF_HEALING_RUN: given.id, SELF_HEALING_INCIDENT: given.incident });
    const kept = readFileSync(join(folder, 'runs', given.id, 'stream.jsonl'), 'utf8');
    expect(kept.trim().split('\n')).toHaveLength(5);
  });

  it('is read through garbage and half a line', async () => {
    const { done } = run(`
      process.stdout.write('\\u0000\\ufffd{{{ not json\\n{"type":"assistant"}\\n[]\\n');
      print(INIT, RESULT);
      process.stdout.write('{"type":"result","is_er');`);
    expect(await done).toMatchObject({ mode: null, guarded: true });
  });

  it('that falls silent is ended, with all of its group', async () => {
    const { folder, done } = run(
      `const child = require('node:child_process').spawn('sleep', ['60'], { stdio: 'ignore' });
       require('node:fs').writeFileSync('child.pid', String(child.pid));
       print(INIT); setInterval(() => {}, 1000);`,
      { silence: 700 },
    );
    const finished = await done;
    expect(finished).toMatchObject({ mode: 'silence', why: 'No sign of life for 0.7 s.' });
    expect(await ended(Number(readFileSync(join(folder, 'child.pid'), 'utf8')))).toBe(true);
  });

  it.runIf(linux)('is not silent while a tool of its is at work, and is once that one sleeps', async () => {
    const busy = run(
      `print(INIT, ...call('1', 'Bash', { command: 'make' }));
       require('node:child_process').spawnSync(process.execPath, ['-e', 'const end = Date.now() + 2500; while (Date.now() < end);']);
       print(...call('2', 'Bash', {}, 'built'), RESULT);`,
      { silence: 800 },
    );
    expect(await busy.done).toMatchObject({ mode: null });
    const asleep = run(
      `print(INIT, ...call('1', 'Bash', { command: 'sleep 60' }));
       require('node:child_process').spawnSync('sleep', ['60']);`,
      { silence: 800 },
    );
    expect(await asleep.done).toMatchObject({ mode: 'silence' });
  });

  it('that prints nothing after its start is ended sooner, and says that it never began', async () => {
    const { done } = run('setInterval(() => {}, 1000);', { patience: { startUpMs: 500 } });
    expect(await done).toMatchObject({
      mode: 'silence',
      why: 'The client printed nothing in the 0.5 s after its start.',
    });
  });

  it('whose tool waits without any life is ended sooner, and names the tool', async () => {
    const { done } = run(
      `print(INIT, ...call('1', 'Bash', { command: 'ssh build' }));
       require('node:child_process').spawnSync('sleep', ['60']);`,
      { patience: { toolWaitMs: 500 } },
    );
    expect(await done).toMatchObject({
      mode: 'silence',
      why: expect.stringMatching(/^A tool neither wrote nor worked for 0.5 s; .*: Bash ssh build$/),
    });
  });

  it.runIf(linux)('is not silent while one short-lived process of a tool follows the other', async () => {
    const { done } = run(
      `print(INIT, ...call('1', 'Bash', { command: 'make' }));
       const work = 'const end = Date.now() + 250; while (Date.now() < end);';
       for (let at = 0; at < 12; at++) require('node:child_process').spawnSync(process.execPath, ['-e', work]);
       print(...call('2', 'Bash', {}, 'built'), RESULT);`,
      { patience: { toolWaitMs: 1500 } },
    );
    expect(await done).toMatchObject({ mode: null });
  });

  it('that has to wait long for the API is ended, and tells how long', async () => {
    const { done } = run(`
      print(INIT, { type: 'system', subtype: 'api_retry', attempt: 1, retry_delay_ms: 3600000, error_status: 429 });
      setInterval(() => {}, 1000);`);
    expect(await done).toMatchObject({
      mode: 'transient',
      retryAfterMs: 3_600_000,
      why: 'The API did not answer (429) and asks to wait 60 min.',
    });
  });

  it('costs what its stream tells when it is ended before its total, and keeps what it said', async () => {
    const { folder, given, done } = run(`print(INIT, answer('m1'), answer('m1')); setInterval(() => {}, 1000);`, {
      silence: 700,
    });
    const finished = await done;
    expect(finished).toMatchObject({ mode: 'silence', costBasis: 'estimated', turns: 1, inputTokens: 200_000 });
    expect(finished.costUsd).toBeCloseTo(1, 1);
    const kept = readFileSync(join(folder, 'runs', given.id, 'stream.jsonl'), 'utf8');
    expect(kept.trim().split('\n')).toHaveLength(3);
  });

  it('is ended when whoever pays says so, with the reason', async () => {
    const { done } = run(`print(INIT, answer('m1')); setInterval(() => {}, 1000);`, {
      onCost: (usd) => (usd > 0.9 ? 'The money is used up.' : undefined),
    });
    expect(await done).toMatchObject({ mode: 'budget', why: 'The money is used up.', guarded: true });
  });

  it('is ended at its wall clock limit', async () => {
    const { done } = run(`print(INIT); setInterval(() => print({ type: 'system' }), 50);`, { wall: 800 });
    expect(await done).toMatchObject({ mode: 'partial', why: expect.stringContaining('recovery.wall_clock') });
  });

  it.runIf(linux)('takes with it what left its process group', async () => {
    const { folder, done } = run(`
      const { spawn } = require('node:child_process');
      const stray = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
      require('node:fs').writeFileSync('stray.pid', String(stray.pid));
      print(INIT, RESULT); process.exit(0);`);
    expect(await done).toMatchObject({ mode: null });
    expect(await ended(Number(readFileSync(join(folder, 'stray.pid'), 'utf8')))).toBe(true);
  });

  it.runIf(linux)('leaves nothing behind, whatever ignores signals, its session or its environment', async () => {
    const { folder, done } = run(
      `process.on('SIGTERM', () => {});
       const shell = ["trap '' TERM", "setsid env -i sh -c 'echo $$ > away.pid; exec sleep 60' &",
         "setsid sh -c 'echo $$ > marked.pid; exec sleep 60' &", 'wait'].join('\\n');
       require('node:child_process').spawn('sh', ['-c', shell], { stdio: 'ignore' });
       const both = () => ['away.pid', 'marked.pid'].every((file) => require('node:fs').existsSync(file));
       const ready = setInterval(() => { if (both()) { clearInterval(ready); print(INIT); } }, 20);
       setInterval(() => {}, 1000);`,
      { silence: 1500 },
    );
    expect(await done).toMatchObject({ mode: 'silence' });
    for (const file of ['away.pid', 'marked.pid'])
      expect(await ended(Number(readFileSync(join(folder, file), 'utf8'))), file).toBe(true);
  });

  it('is ended at the first error of its guards', async () => {
    const { folder, done } = run(`
      print(INIT, ...call('1', 'Bash', {}, 'ok'));
      print({ type: 'system', subtype: 'hook_response', hook_event: 'PreToolUse', hook_name: 'PreToolUse:Bash', outcome: 'error', stderr: 'MCP error -32000: Connection closed' });
      setTimeout(() => { require('node:fs').writeFileSync('went-on', ''); print(RESULT); }, 3000);`);
    expect(await done).toMatchObject({
      mode: 'crash',
      guarded: false,
      why: expect.stringContaining('Connection closed'),
    });
    expect(existsSync(join(folder, 'went-on'))).toBe(false);
  });

  it('whose money is used up closes its servers with hooks in flight: that is no dead guard', async () => {
    const { done } = run(`
      const dead = { type: 'system', subtype: 'hook_response', hook_event: 'PreToolUse', hook_name: 'PreToolUse:Bash', outcome: 'error', stderr: 'MCP error -32000: Connection closed' };
      print(INIT, ...call('1', 'Bash', {}, 'ok'), dead);
      print({ ...RESULT, subtype: 'error_max_budget_usd', is_error: true }, dead);
      process.exitCode = 1;`);
    expect(await done).toMatchObject({ mode: 'budget', guarded: true });
  });

  it('is ended from outside by its signal', async () => {
    const stop = new AbortController();
    const { done } = run(`print(INIT); setInterval(() => {}, 1000);`, {
      signal: stop.signal,
      onEvent: (event) => event.kind === 'init' && stop.abort(),
    });
    expect(await done).toMatchObject({ mode: 'cancelled', sessionId: '11111111-1111-4111-8111-111111111111' });
  });
});
