import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { besideTested, lookForClient } from '../../../cli/doctor/client.ts';
import manifest from '../../e2e/client/package.json' with { type: 'json' };

it('tells how a client stands to the very one that the end-to-end tests drive', () => {
  const tested = manifest.dependencies['@anthropic-ai/claude-code'];
  const patch = Number(tested.split('.')[2]);
  const other = (number: number) => tested.replace(/\d+$/, String(number));
  expect(besideTested(tested)).toBe('the version this release is tested with');
  expect(besideTested(other(patch + 9000))).toBe(`newer than ${tested}, which this release is tested with`);
  expect(besideTested(other(9))).toBe(`older than ${tested}, which this release is tested with`);
});

it('tells a client that hangs from one that fails, and gives the first line of what it says', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'doctor-client-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const client = join(folder, 'claude');
  const asked = async (script: string, timeoutMs?: number) => {
    await writeFile(client, `#!/bin/sh\n${script}\n`);
    await chmod(client, 0o755);
    return (await lookForClient(client, new AbortController().signal, timeoutMs)).detail;
  };
  expect(await asked('sleep 600', 200)).toBe(`the client \`${client}\` did not tell its version in time`);
  expect(await asked('{ echo "no such license"; echo more; } >&2; exit 3')).toMatch(
    / could not be started: no such license$/,
  );
  expect(await asked('exit 3')).toMatch(/ could not be started: exit code 3$/);
});
