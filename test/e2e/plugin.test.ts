/** What the client itself says about the plugin's files. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLIENT, clientEnvironment } from './run-client.ts';

const ROOT = join(import.meta.dirname, '..', '..');

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'validate-'));
});
afterEach(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));

describe('claude plugin validate --strict', () => {
  // In a folder that holds both manifests the client looks at the marketplace's alone.
  it.each(['.', '.claude-plugin/plugin.json'])('passes for %s', async (path) => {
    const { stdout } = await promisify(execFile)(CLIENT, ['plugin', 'validate', '--strict', path], {
      cwd: ROOT,
      env: clientEnvironment(home, ''),
    });
    expect(stdout).toContain('Validation passed');
  });
});
