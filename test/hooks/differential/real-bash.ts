// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a text of a shell
/** Runs shell texts with the real bash in a folder of its own, where the interesting programs only write down that they ran. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROGRAMS } from './shell-texts.ts';

export interface RealBash {
  folder: string;
  /** Everything that ran, as program and arguments. */
  run(text: string): string[][];
  remove(): void;
}

const TOOLS = ['bash', 'cat', 'env', 'xargs', 'timeout', 'nice', 'find'];
// In one write, since several may run at once.
const RECORD = `#!/bin/sh
IFS=$(printf '\\037')
set -- "\${0##*/}" "$@"
printf '%s\\036' "$*" >> "$RECORD_OF_PROGRAMS"
`;

/** Undefined where there is no bash. */
export function realBash(): RealBash | undefined {
  const found = spawnSync('sh', ['-c', `for tool in ${TOOLS.join(' ')}; do command -v $tool || exit 1; done`]);
  if (found.status !== 0) return undefined;
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'real-bash-')));
  const bin = join(root, 'bin');
  const folder = join(root, 'work');
  let runs = 0;
  mkdirSync(bin);
  for (const [index, path] of found.stdout.toString().trim().split('\n').entries())
    symlinkSync(path, join(bin, TOOLS[index] ?? ''));
  symlinkSync(join(bin, 'bash'), join(bin, 'sh'));
  for (const program of PROGRAMS) {
    writeFileSync(join(bin, program), RECORD);
    chmodSync(join(bin, program), 0o755);
  }
  return {
    folder,
    run(text) {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(join(folder, 'd/e'), { recursive: true });
      writeFileSync(join(folder, 'a.t'), '');
      // What an earlier text left in the background writes to a file of its own.
      const record = join(root, `record-${++runs}`);
      writeFileSync(record, '');
      spawnSync(join(bin, 'bash'), ['-c', text], {
        cwd: folder,
        env: { PATH: bin, HOME: folder, RECORD_OF_PROGRAMS: record, FUNCNEST: '20' },
        stdio: 'ignore',
        timeout: 20_000,
      });
      const lines = readFileSync(record, 'utf8').split('\u{1e}').slice(0, -1);
      return lines.map((line) => line.split('\u{1f}'));
    },
    remove: () => rmSync(root, { recursive: true }),
  };
}
