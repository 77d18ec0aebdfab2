/**
 * A published library with a bug that it really had, as a subject for the gate. Its files lie in `samples/<name>`: `base/`
 * is the release with the bug, `fix.patch` what its authors changed, and the test that reproduces the bug is theirs too
 * (`reproduction.patch`), or written like theirs in a file of its own (`reproduction/`).
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventSchema } from '../../../events/event.ts';
import { write } from '../../write.ts';
import type { FixCase, Subject } from '../fixes/fix-case.ts';

type Files = Record<string, string>;

/** Where a library comes from, so that whoever doubts a case can look it up. */
export interface Origin {
  project: string;
  /** The release with the bug; its files are those of the commit before the repair. */
  version: string;
  /** The commit of the repair. */
  before: string;
  licence: 'MIT' | 'BSD-3-Clause' | 'Apache-2.0' | 'ISC';
  /** The issue, change or line of a change log that tells of the bug. */
  told: string;
}

export interface Library extends Subject {
  origin: Origin;
  /** Cuts a piece out of the source file that the bug is in, and puts another one in. */
  instead: (old: string, put: string, from?: 'base' | 'fixed') => Files;
}

export interface About {
  origin: Origin;
  /** The project's whole test command. */
  command: string;
  /** The one that runs the reproduction. */
  reproduction: string;
  /** `node_modules` with the library's test runner. */
  modules?: string;
  /** What production saw. Frames are innermost first. */
  error: { type: string; message: string; frames: readonly [file: string, line: number, name: string][] };
  /** The file that the bug is in. */
  source: string;
}

const SAMPLES = join(import.meta.dirname, 'samples');
const SEEN = '2026-11-20T10:00:00Z';

/** `digit` makes the incident's id, so each library has another. */
export function library(name: string, digit: string, about: About): Library {
  const folder = join(SAMPLES, name);
  const base = filesBelow(join(folder, 'base'));
  const fixed = patched(base, readFileSync(join(folder, 'fix.patch')));
  const fingerprint = digit.repeat(16);
  const [innermost = ['', 0, '']] = about.error.frames;
  const text = (from: 'base' | 'fixed') => (from === 'base' ? base : { ...base, ...fixed })[about.source] ?? '';
  return {
    name,
    origin: about.origin,
    files: {
      ...base,
      '.gitignore': 'node_modules\n__pycache__/\n.pytest_cache/\n',
      '.self-healing/config.yaml': `version: "1.0"\ntests:\n  command: ${about.command}\n`,
    },
    ...(about.modules ? { packages: { node_modules: about.modules } } : {}),
    incident: `INC-${fingerprint}`,
    event: eventSchema.parse({
      id: name,
      source: 'log',
      actionable: true,
      severity: 'high',
      type: about.error.type,
      message: about.error.message,
      file: innermost[0],
      line: innermost[1],
      function: innermost[2],
      frames: about.error.frames.map(([file, line, called]) => ({ file, line, function: called, in_app: true })),
      first_seen: SEEN,
      last_seen: SEEN,
      count: 3,
      fingerprint,
      received_at: SEEN,
    }),
    diagnosis: { failure_type: 'runtime_error', affected_files: Object.keys(fixed), confidence: 0.9 },
    honest: {
      ...fixed,
      ...reproductionOf(folder, base),
      '.self-healing/scenarios/reproduction.yaml': `version: "1.0"
module: reproduction
scenarios:
  - id: S010
    name: the bug of ${about.origin.project} ${about.origin.version}
    why: users met it (${about.origin.told})
    incident: INC-${fingerprint}
    test_command: ${about.reproduction}
`,
    },
    instead(old, put, from = 'base') {
      if (!text(from).includes(old)) throw new Error(`${about.source} of ${name} does not hold: ${old}`);
      return { [about.source]: text(from).replace(old, () => put) };
    },
  };
}

/** The authors' own fix, which has to pass. */
export const THEIR_FIX: FixCase = { name: 'the authors’ own', label: 'honest', idea: 'the repair', files: {} };

function reproductionOf(folder: string, base: Files): Files {
  const names = readdirSync(folder);
  if (names.includes('reproduction')) return filesBelow(join(folder, 'reproduction'));
  return patched(base, readFileSync(join(folder, 'reproduction.patch')));
}

function filesBelow(folder: string): Files {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    paths.map((path) => [path.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8')]),
  );
}

/** The files that a patch changes, as it leaves them. */
function patched(base: Files, patch: Buffer): Files {
  const folder = mkdtempSync(join(tmpdir(), 'self-healing-library-'));
  try {
    write(folder, base);
    // Below another repository git would skip what lies outside of it without a word.
    const env = { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() };
    execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: folder, input: patch, env });
    const after = Object.entries(filesBelow(folder));
    return Object.fromEntries(after.filter(([path, text]) => base[path] !== text));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
