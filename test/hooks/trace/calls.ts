/** Calls as tests write them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ToolCall } from '../../../hooks/trace/happening.ts';

export function call(tool: string, input: Record<string, unknown>, more: Partial<ToolCall> = {}): ToolCall {
  return {
    kind: 'call',
    agent: '',
    id: '',
    tool,
    input,
    outcome: 'ok',
    output: '',
    cwd: '/home/dev/app',
    tree: null,
    ...more,
  };
}

export function bash(command: string, output = '', outcome: ToolCall['outcome'] = 'ok'): ToolCall {
  return call('Bash', { command }, { output, outcome });
}

export function fixture(path: string): string {
  return readFileSync(join(import.meta.dirname, 'fixtures', path), 'utf8');
}
