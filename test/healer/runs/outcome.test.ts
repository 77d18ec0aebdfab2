/** Every row of endings that the real client was seen to come to. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgeOutcome, type RunEnding, type RunOutcome } from '../../../healer/runs/outcome.ts';
import { parseLine } from '../../../healer/runs/stream.ts';

const FOLDER = join(import.meta.dirname, 'fixtures', 'endings');

function recorded(name: string): RunEnding {
  const { exit, signal, stderr, result, retries } = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8'));
  const event = result === null ? undefined : parseLine(JSON.stringify(result))[0];
  return {
    exit,
    signal,
    stderr,
    startError: null,
    stopped: null,
    result: event?.kind === 'result' ? event : undefined,
    retryAfterMs: retries.at(-1)?.retry_delay_ms ?? null,
  };
}

const ROWS: Record<string, Partial<RunOutcome>> = {
  success: { mode: null, turns: 2, terminalReason: 'completed' },
  max_turns: { mode: 'partial' },
  max_budget: { mode: 'budget' },
  api_400: { mode: 'crash', unusable: null },
  api_401: { mode: 'crash', unusable: { next: expect.stringContaining('Log in') } as never },
  api_429: { mode: 'transient', retryAfterMs: 1000 },
  api_500: { mode: 'transient' },
  api_529: { mode: 'transient' },
  stream_cut: { mode: 'transient' },
  refused_connection: { mode: 'transient' },
  hook_stopped: { mode: 'partial' },
  unknown_agent: { mode: 'crash', why: expect.stringContaining('nobody:nowhere') as never },
  unknown_session: { mode: 'crash', why: expect.stringContaining('No conversation found') as never },
  sigint: { mode: 'crash' },
  sigkill: { mode: 'crash', why: 'The client was ended by SIGKILL.' },
  sigterm: { mode: 'crash', why: 'The client was ended by signal 15.' },
};

describe('how a run ended', () => {
  it('is judged for every ending that was recorded', () => {
    expect(
      readdirSync(FOLDER)
        .map((file) => file.replace('.json', ''))
        .sort(),
    ).toEqual(Object.keys(ROWS).sort());
  });

  it.each(Object.entries(ROWS))('%s', (name, expected) => {
    expect(judgeOutcome(recorded(name))).toMatchObject(expected);
  });

  it('names what we ended it for, whatever it said last', () => {
    const ending = recorded('success');
    const by = (stopped: RunEnding['stopped']) => judgeOutcome({ ...ending, stopped }).mode;
    expect(by({ by: 'silence', silence: { of: 'model', afterMs: 600_000 } })).toBe('silence');
    expect(by({ by: 'silence', silence: { of: 'api', afterMs: 600_000 } })).toBe('transient');
    expect(by({ by: 'api_wait', delayMs: 600_000, status: 429 })).toBe('transient');
    expect(by({ by: 'budget', why: 'used up' })).toBe('budget');
    expect(by({ by: 'wall', afterMs: 3_600_000 })).toBe('partial');
    expect(by({ by: 'abort' })).toBe('cancelled');
    expect(by({ by: 'guard', why: 'the server is gone' })).toBe('crash');
  });

  it('is never well with an exit code other than 0, and never worth a retry without a client', () => {
    expect(judgeOutcome({ ...recorded('success'), exit: 1 }).mode).toBe('crash');
    const missing = judgeOutcome({ ...recorded('sigkill'), startError: 'spawn claude ENOENT' });
    expect(missing).toMatchObject({ mode: 'crash', unusable: { next: expect.stringContaining('claude.command') } });
  });
});
