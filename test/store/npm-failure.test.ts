import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readNpmFailure } from '../../store/npm-failure.ts';

/** Written by npm 11.19.1 with Node 20.20.2 on Linux; folders shortened. */
const recorded = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', 'npm', `${name}.txt`), 'utf8');

describe('what npm wrote when it failed', () => {
  it.each([
    ['registry-refused', 'registry', 'connect ECONNREFUSED 127.0.0.1:9'],
    ['registry-unknown', 'registry', 'getaddrinfo ENOTFOUND nowhere.invalid'],
    ['no-headers', 'download', 'prebuild-install warn install getaddrinfo ENOTFOUND github.com'],
    ['no-python', 'compiler', 'Could not find any Python installation to use'],
    ['no-make', 'compiler', 'not found: make'],
  ])('%s', (name, kind, words) => {
    expect(readNpmFailure(recorded(name))).toEqual({ kind, words });
  });

  it('at a proxy whose certificate it does not trust', () => {
    const log =
      'npm error FetchError: request to https://registry.example.invalid/x failed, reason: self-signed certificate in certificate chain\nnpm error     at x\n';
    expect(readNpmFailure(log)).toEqual({ kind: 'registry', words: 'self-signed certificate in certificate chain' });
  });

  it('and it has no name for is given in its last words', () => {
    const log =
      'npm warn deprecated x\nnpm error code ENOSPC\nnpm error no space left on device\nnpm error A complete log of this run can be found in: y\n';
    expect(readNpmFailure(log)).toEqual({ kind: 'other', words: 'no space left on device' });
  });

  it.each(['', 'npm warn deprecated prebuild-install@7.1.3: no longer maintained\n'])(
    'is unknown when it was cut off: %j',
    (log) => {
      expect(readNpmFailure(log)).toBeUndefined();
    },
  );
});
