/** Entry of dist/server.cjs: the MCP server over standard input and output. */
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { serve } from '../mcp-server/server.ts';
import { VERSION } from './version.ts';

const transport = new StdioServerTransport();
process.stdin.once('end', () => void transport.close());
process.stdin.once('close', () => void transport.close());
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => void transport.close());

serve(transport, {
  folder: process.env.CLAUDE_PROJECT_DIR ?? process.cwd(),
  version: VERSION,
  incident: process.env.SELF_HEALING_INCIDENT,
}).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`self-healing server: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(70);
  },
);
