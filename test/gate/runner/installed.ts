/** Which tools of other languages are on this machine: a test that drives one for real stands beside a recorded one. */
import { spawnSync } from 'node:child_process';

/** Whether `program` starts and answers with success. */
export function isInstalled(program: string, ...words: string[]): boolean {
  return spawnSync(program, words, { stdio: 'ignore', timeout: 30_000 }).status === 0;
}
