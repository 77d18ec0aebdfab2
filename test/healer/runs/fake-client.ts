/**
 * Stands in for the client where the real one does not do on demand what a test needs: fall silent, print garbage, write
 * the database behind its server's back. It prints what the script says; everything else is tested with the real one.
 */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the real client prints before anything else. */
export const INIT = {
  type: 'system',
  subtype: 'init',
  session_id: '11111111-1111-4111-8111-111111111111',
  plugins: [{ name: 'self-healing' }],
  agents: ['self-healing:diagnostician', 'self-healing:self-healing'],
  mcp_servers: [{ name: 'plugin:self-healing:living-context', status: 'connected' }],
};
export const RESULT = {
  type: 'result',
  subtype: 'success',
  is_error: false,
  terminal_reason: 'completed',
  num_turns: 1,
  total_cost_usd: 0.5,
};

/** A call that a guard has let pass; with `answer` also its result. */
export function call(id: string, name: string, input: object, answer?: string): object[] {
  return [
    { type: 'assistant', message: { content: [{ type: 'tool_use', id, name, input }] } },
    {
      type: 'system',
      subtype: 'hook_response',
      hook_event: 'PreToolUse',
      hook_name: `PreToolUse:${name}`,
      outcome: 'success',
      stdout: '{}',
    },
    ...(answer === undefined
      ? []
      : [{ type: 'user', message: { content: [{ type: 'tool_result', tool_use_id: id, content: answer }] } }]),
  ];
}

/** An answer of the API that costs $1 and a little: 200,000 tokens of input. */
export function answer(id: string): object {
  const content = [{ type: 'text', text: 'Looking.' }];
  const usage = { input_tokens: 200_000, output_tokens: 1 };
  return { type: 'assistant', message: { id, model: 'claude-opus-4-8', content, usage } };
}

/**
 * Writes an executable and returns its path. `script` is the body of a CommonJS program with `print(...events)`, `INIT`,
 * `RESULT`, `call` and `answer` in scope.
 */
export function fakeClient(folder: string, script: string): string {
  const file = join(folder, 'fake-client.cjs');
  const scope = `const INIT = ${JSON.stringify(INIT)}; const RESULT = ${JSON.stringify(RESULT)}; const call = ${call.toString()}; const answer = ${answer.toString()};
const print = (...events) => { for (const event of events) process.stdout.write(JSON.stringify(event) + '\\n'); };`;
  writeFileSync(file, `#!${process.execPath}\n${scope}\n(async () => {\n${script}\n})();\n`);
  chmodSync(file, 0o755);
  return file;
}
