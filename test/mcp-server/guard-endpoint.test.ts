/** Whatever is sent to the guard: an answer the client can use, or a clean failure, and never an open door in a healing run. */
import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { serve } from '../../mcp-server/server.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'guard-endpoint-')));
const clients: Client[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** In a folder that is no repository: whatever is looked up fails. */
async function connect(incident?: string): Promise<(input: unknown) => Promise<{ error: boolean; text: string }>> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  void serve(far, { folder, version: '1', incident });
  const client = new Client({ name: 'test', version: '1' });
  clients.push(client);
  await client.connect(near);
  return async (input) => {
    const result = await client.callTool({ name: 'guard', arguments: input as Record<string, unknown> });
    const [content] = result.content as { text: string }[];
    return { error: result.isError === true, text: content?.text ?? '' };
  };
}

const EVENTS = [
  'PreToolUse',
  'PostToolUse',
  'PostToolUseFailure',
  'PostToolBatch',
  'UserPromptExpansion',
  'Nonsense',
  '',
];
const FIELDS = [
  'session_id',
  'prompt_id',
  'agent_id',
  'cwd',
  'tool_use_id',
  'transcript_path',
  'error',
  'finished_status',
];
const anyText = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.json(), fc.constant('{'), fc.constant('[{}]'));
const anyEvent = fc.record(
  {
    event: fc.constantFrom(...EVENTS),
    agent_type: fc.constantFrom('', 'self-healing:self-healing', 'self-healing:diagnostician', 'other:agent'),
    tool_name: fc.oneof(fc.constantFrom('Bash', 'Write', 'Read', 'Glob', 'Edit', 'mcp__x__start_fix'), anyText),
    tool_input: fc.oneof(
      anyText,
      fc.string().map((command) => JSON.stringify({ command, file_path: command })),
    ),
    tool_calls: fc.oneof(
      anyText,
      fc
        .array(
          fc.record({ tool_name: anyText, tool_input: fc.object(), tool_use_id: anyText, tool_response: anyText }),
          { maxLength: 3 },
        )
        .map((calls) => JSON.stringify(calls)),
    ),
    ...Object.fromEntries(FIELDS.map((field) => [field, anyText])),
  },
  { requiredKeys: [] },
);
const anything = fc.oneof(
  { weight: 4, arbitrary: anyEvent },
  { weight: 1, arbitrary: fc.dictionary(fc.string(), fc.jsonValue()) },
);

function isDenied(text: string): boolean {
  const answer = JSON.parse(text) as { hookSpecificOutput?: { permissionDecision?: string } };
  return answer.hookSpecificOutput?.permissionDecision === 'deny';
}

describe('the guard endpoint', () => {
  it.each([undefined, 'INC-0123456789abcdef'])(
    'answers anything with a hook answer (headless: %s)',
    async (incident) => {
      const ask = await connect(incident);
      await fc.assert(
        fc.asyncProperty(anything, async (input) => {
          const { error, text } = await ask(input);
          if (!error) expect(JSON.parse(text)).toBeTypeOf('object');
          else expect(text).toMatch(/^\w+: ./);
        }),
        { numRuns: 250 },
      );
      expect(await ask({ event: 'PostToolUse' })).toEqual({ error: false, text: '{}' });
    },
  );

  it('lets no write and no command pass in a healing run that it cannot decide about', async () => {
    const ask = await connect('INC-0123456789abcdef');
    const inputs = [
      '',
      '{',
      '[]',
      'null',
      '{"command":3}',
      '{"file_path":{}}',
      '\u0000',
      '{"command":"ls","file_path":"/x"}',
    ];
    for (const tool_name of ['Bash', 'Write', 'Edit', 'MultiEdit', 'NotebookEdit'])
      for (const tool_input of inputs) {
        const { text } = await ask({ event: 'PreToolUse', tool_name, tool_input, cwd: folder });
        expect(isDenied(text), `${tool_name} ${tool_input}: ${text}`).toBe(true);
      }
    // Not even the form of the event.
    expect(isDenied((await ask({ event: 'PreToolUse', tool_name: ['Bash'] })).text)).toBe(true);
    expect(isDenied((await ask({ tool_name: 'Bash', tool_input: '{"command":"ls"}' })).text)).toBe(true);
  });

  it('answers calls of ten megabytes, and remembers none of them for ever', async () => {
    const ask = await connect('INC-0123456789abcdef');
    const huge = 'x'.repeat(10 * 1024 * 1024);
    const command = await ask({
      event: 'PreToolUse',
      tool_name: 'Bash',
      tool_input: JSON.stringify({ command: huge }),
    });
    expect(isDenied(command.text)).toBe(true);
    expect(command.text.length).toBeLessThan(2500);
    const calls = [{ tool_name: 'Bash', tool_input: { command: 'cat x' }, tool_use_id: 't', tool_response: huge }];
    const turn = await ask({ event: 'PostToolBatch', tool_calls: JSON.stringify(calls) });
    expect(JSON.parse(turn.text)).toBeTypeOf('object');
  });

  it('leaves nothing on the disk of a folder that heals nothing', async () => {
    const ask = await connect();
    const calls = [
      { tool_name: 'Bash', tool_input: { command: 'npm test' }, tool_use_id: 't', tool_response: 'Exit code 1' },
    ];
    for (let turn = 0; turn < 8; turn++)
      await ask({ event: 'PostToolBatch', session_id: 's', cwd: folder, tool_calls: JSON.stringify(calls) });
    expect(readdirSync(folder)).toEqual([]);
  });
});
