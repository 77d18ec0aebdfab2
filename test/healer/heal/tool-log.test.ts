import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { logTools } from '../../../healer/heal/tool-log.ts';
import type { Workbench } from '../../../healer/workbench.ts';
import type { Database } from '../../../store/sqlite.ts';
import { openState } from '../../../store/state-db.ts';
import { lastSteps } from '../../../store/steps.ts';

let folder: string;
let db: Database;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tool-log-'));
  db = openState(folder);
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

function log() {
  return logTools({ db, now: () => new Date(0) } as Workbench, 'run-1', 'self-healing', () => {});
}

function see(tools: ReturnType<typeof logTools>, id: string): void {
  tools.see({ kind: 'tool_use', id, name: 'Bash', input: { command: `echo ${id}` } });
  tools.see({ kind: 'tool_result', id, isError: false, text: id });
}

test('every call that was seen is kept once the log is settled, in its order and one time only', () => {
  const tools = log();
  see(tools, 'one');
  see(tools, 'two');
  tools.settle();
  tools.settle();
  expect(lastSteps(db, 'run-1', 10).map(({ tool_use_id }) => tool_use_id)).toEqual(['one', 'two']);
  see(tools, 'three');
  tools.settle();
  expect(lastSteps(db, 'run-1', 10).map(({ tool_use_id }) => tool_use_id)).toEqual(['one', 'two', 'three']);
});

test('calls are kept while the run goes on, without being asked for', async () => {
  see(log(), 'one');
  await expect.poll(() => lastSteps(db, 'run-1', 10).length, { timeout: 20_000 }).toBe(1);
});

test('calls that could not be written are written when it is settled again, and who settles hears of the failure', () => {
  const tools = log();
  see(tools, 'one');
  db.exec('ALTER TABLE steps RENAME TO elsewhere');
  expect(() => tools.settle()).toThrow(/steps/);
  db.exec('ALTER TABLE elsewhere RENAME TO steps');
  tools.settle();
  expect(lastSteps(db, 'run-1', 10)).toHaveLength(1);
});
