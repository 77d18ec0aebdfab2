/**
 * How a run of the client ends that has to be ended: how long after its limit silence is noticed, and how long it takes from
 * there until nothing of it runs any more where everything ignores SIGTERM, in sessions of its own and without its mark.
 * Measured on stand-ins of the client, from their own clocks. Linux only.
 */
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultConfig } from '../context/schemas/config.ts';
import { runClaude } from '../healer/runs/claude.ts';

const RUNS = 5;
const LIMIT_MS = 3_000;
const ALLOWED_NOTICE_MS = 1_000;
const ALLOWED_CLEAN_MS = 5_000;

const folder = mkdtempSync(join(tmpdir(), 'bench-run-end-'));

const INIT = {
  ...{ type: 'system', subtype: 'init', session_id: 's', plugins: [{ name: 'self-healing' }] },
  agents: ['self-healing:self-healing'],
  mcp_servers: [{ name: 'plugin:self-healing:living-context', status: 'connected' }],
};
const CALL = { type: 'assistant', message: { content: [{ type: 'tool_use', id: '1', name: 'Bash', input: {} }] } };
const CLIENT = `#!${process.execPath}
const fs = require('node:fs');
const shell = ["trap '' TERM", "setsid env -i sh -c 'exec sleep 60' &", "setsid sh -c 'exec sleep 60' &", 'wait'].join('\\n');
require('node:child_process').spawn('sh', ['-c', shell], { stdio: 'ignore' });
process.on('SIGTERM', () => fs.writeFileSync('told', String(Date.now())));
setTimeout(() => {
  process.stdout.write(${JSON.stringify(`${JSON.stringify(INIT)}\n${JSON.stringify(CALL)}\n`)}, () => fs.writeFileSync('said', String(Date.now())));
}, 500);
setInterval(() => {}, 1000);
`;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

try {
  const command = join(folder, 'client.cjs');
  writeFileSync(command, CLIENT);
  chmodSync(command, 0o755);
  const noticed: number[] = [];
  const clean: number[] = [];
  const at = (name: string) => Number(readFileSync(join(folder, name), 'utf8'));
  for (let run = 0; run < RUNS; run++) {
    const { mode } = await runClaude({
      ...{ id: randomUUID(), incident: 'INC-0123456789abcdef', agent: 'self-healing', prompt: '' },
      ...{ session: { start: randomUUID() }, cwd: folder, home: folder, pluginDir: folder, maxUsd: 1 },
      settings: { ...defaultConfig().claude, command },
      limits: { silence_timeout: LIMIT_MS, wall_clock: 60_000 },
    });
    const ended = Date.now();
    if (mode !== 'silence') throw new Error(`the run ended as ${mode}`);
    noticed.push(at('told') - at('said') - LIMIT_MS);
    clean.push(ended - at('told'));
  }
  const worst = (values: number[]) => Math.max(...values);
  console.log(
    `silence: noticed ${median(noticed)} ms after its limit, at worst ${worst(noticed)} (allowed ${ALLOWED_NOTICE_MS})`,
  );
  console.log(
    `kill to clean: ${median(clean)} ms, at worst ${worst(clean)}, of which 3,000 are given for an orderly end (allowed ${ALLOWED_CLEAN_MS})`,
  );
  if (worst(noticed) > ALLOWED_NOTICE_MS || worst(clean) > ALLOWED_CLEAN_MS) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
