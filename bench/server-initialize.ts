/**
 * How soon the server answers `initialize`, against a bare Node start plus the SDK: a bundled server with nothing but the
 * SDK and one tool. Interleaved runs, medians. Allowed: 1.5 times.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const RUNS = 21;
const ALLOWED = 1.5;
const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'bench-server-'));

const BARE_SERVER = `
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';
const server = new McpServer({ name: 'bare', version: '1.0.0' });
server.registerTool('echo', { description: 'echo', inputSchema: { text: z.string() } }, ({ text }) => ({ content: [{ type: 'text', text }] }));
await server.connect(new StdioServerTransport());
`;

const INITIALIZE = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } } })}\n`;

/** Milliseconds from the spawn to the first answer. */
function answerTime(args: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
    child.on('error', reject);
    child.stdout.once('data', () => {
      resolve(performance.now() - start);
      child.kill('SIGKILL');
    });
    child.stdin.write(INITIALIZE);
  });
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

try {
  const bare = join(folder, 'bare.mjs');
  await build({
    stdin: { contents: BARE_SERVER, resolveDir: root, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    minify: true,
    outfile: bare,
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    theirs.push(await answerTime([bare]));
    ours.push(await answerTime([join(root, 'dist/server.cjs')]));
  }
  const [mine, base] = [median(ours), median(theirs)];
  const ratio = mine / base;
  console.log(
    `server initialize: ${mine.toFixed(0)} ms, bare Node + SDK server: ${base.toFixed(0)} ms, ratio ${ratio.toFixed(2)} (allowed ${ALLOWED}; medians of ${RUNS})`,
  );
  if (ratio > ALLOWED) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
