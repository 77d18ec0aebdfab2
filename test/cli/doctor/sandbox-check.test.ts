import { chmodSync } from 'node:fs';
import { expect, it } from 'vitest';
import { sandboxCheck } from '../../../cli/doctor/sandbox-check.ts';
import { freshFolder } from '../../healer/sample-repository.ts';
import { write } from '../../write.ts';

/** A PATH on which the only bubblewrap is this script. */
function pathWith(script: string): string {
  const folder = freshFolder('bin');
  write(folder, { bwrap: `#!/bin/sh\n${script}\n` });
  chmodSync(`${folder}/bwrap`, 0o755);
  return folder;
}
const WORKS = 'exit 0';
const FORBIDDEN = 'echo "bwrap: No permissions to create new namespace" >&2; exit 1';

it.each([
  ['off where it could be on', {}, WORKS, 'ok', /^off, and available: SELF_HEALING_SANDBOX=on/],
  ['off where it could not', {}, FORBIDDEN, 'ok', /^off, and not available here: .*No permissions/],
  ['on', { SELF_HEALING_SANDBOX: 'on' }, WORKS, 'ok', /^on: checks run in a sandbox.*with the network of the host/],
  ['without a network', { SELF_HEALING_SANDBOX: 'no-network' }, WORKS, 'ok', /^no-network: .*without a network/],
  ['asked for and not working', { SELF_HEALING_SANDBOX: 'on' }, FORBIDDEN, 'fail', /cannot make a sandbox here/],
  ['another word', { SELF_HEALING_SANDBOX: 'yes' }, WORKS, 'fail', /none of on, no-network and off/],
])('%s', async (_, env, script, status, detail) => {
  const told = await sandboxCheck({ ...env, PATH: pathWith(script) });
  expect(told).toMatchObject({ name: 'sandbox', status, detail: expect.stringMatching(detail) });
  expect(told.fix !== '').toBe(status === 'fail');
});
