import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineReader, parseLine, type StreamEvent } from '../../../healer/runs/stream.ts';

const recorded = readFileSync(join(import.meta.dirname, 'fixtures', 'stream.jsonl'), 'utf8');

function read(chunks: string[], longest?: number): { events: StreamEvent[]; lines: number } {
  const events: StreamEvent[] = [];
  let lines = 0;
  const reader = lineReader((line) => {
    lines++;
    events.push(...parseLine(line));
  }, longest);
  for (const chunk of chunks) reader.add(chunk);
  reader.end();
  return { events, lines };
}

describe('a recorded stream', () => {
  const { events } = read([recorded]);

  it('tells what was loaded', () => {
    expect(events.find(({ kind }) => kind === 'init')).toMatchObject({
      version: '2.1.197',
      plugins: ['self-healing'],
      pluginErrors: [],
      servers: [{ name: 'plugin:self-healing:living-context', status: 'connected' }],
      agents: expect.arrayContaining(['self-healing:diagnostician', 'self-healing:self-healing']),
    });
  });

  it('tells every call with its result, and that a guard answered before each', () => {
    const calls = events.filter((event) => event.kind === 'tool_use');
    const results = events.filter((event) => event.kind === 'tool_result');
    expect(calls.map(({ name }) => name.replace(/^.*__/, ''))).toEqual([
      'start_fix',
      'Bash',
      'Bash',
      'Bash',
      'record_diagnosis',
    ]);
    expect(new Set(results.map(({ id }) => id))).toEqual(new Set(calls.map(({ id }) => id)));
    expect(
      events.filter((event) => event.kind === 'hook_response' && event.event === 'PreToolUse' && event.ok),
    ).toHaveLength(5);
    expect(calls.at(-1)?.input).toMatchObject({ confidence: 0.95, affected_files: ['src/tenant-context.js'] });
  });

  it('tells how it ended', () => {
    expect(events.at(-1)).toMatchObject({
      kind: 'result',
      isError: false,
      terminalReason: 'completed',
      turns: 6,
      costUsd: expect.closeTo(0.1089, 3),
      outputTokens: 524,
    });
  });
});

describe('lines', () => {
  it('are the same however the bytes arrive', () => {
    const whole = read([recorded]).events;
    fc.assert(
      fc.property(fc.array(fc.nat(recorded.length), { maxLength: 20 }), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), recorded.length];
        const chunks = at.slice(1).map((end, index) => recorded.slice(at[index], end));
        expect(read(chunks).events).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  it('of any form are survived, and what follows them is read', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((json) => `{"type":"assistant","message":${json}}`),
        ),
        (garbage) => {
          const line = garbage.replaceAll('\n', ' ');
          const { events } = read([`${line}\n{"type":"result","subtype":"success","is_error":false}\n`]);
          expect(events.at(-1)).toMatchObject({ kind: 'result', isError: false });
        },
      ),
    );
  });

  it('longer than any message are dropped up to their end', () => {
    const { lines, events } = read([`{"x":"${'y'.repeat(2000)}`, 'z'.repeat(500), '"}\n', '{"type":"result"}\n'], 1000);
    expect(lines).toBe(1);
    expect(events).toMatchObject([{ kind: 'result', isError: true }]);
  });
});
