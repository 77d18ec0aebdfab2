import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ownTool, SERVER, TOOL_PREFIX } from '../../hooks/own-server.ts';

const root = join(import.meta.dirname, '../..');
const readJson = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'));

it('is called as the client makes it of the names in the manifests', () => {
  const plugin: string = readJson('.claude-plugin/plugin.json').name;
  const [server] = Object.keys(readJson('.mcp.json').mcpServers);
  expect(SERVER).toBe(`plugin:${plugin}:${server}`);
  expect(TOOL_PREFIX).toBe(`mcp__plugin_${plugin}_${server}__`);
});

it.each([
  [`${TOOL_PREFIX}start_fix`, 'start_fix'],
  ['mcp__living-context__start_fix', 'start_fix'],
  ['mcp__other-living-context__start_fix', undefined],
  ['start_fix', undefined],
])('knows whether %s is ours', (tool, own) => {
  expect(ownTool(tool)).toBe(own);
});
