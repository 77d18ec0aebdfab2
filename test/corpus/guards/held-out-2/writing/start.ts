/** How nearly every run begins: a wish, a look around, the files it is about. */
import type { Session } from './session.ts';

export function start(run: Session, wish: string, ...paths: string[]): void {
  run.ask(wish);
  if (run.noise.int(0, 2) > 0) {
    const branch = ['main', 'develop', 'fix/totals', 'feature/next'][run.noise.int(0, 3)] ?? 'main';
    run.sh('git status --short --branch', `## ${branch}...origin/${branch}`, 'Show working tree status');
  }
  if (run.noise.int(0, 2) > 0) {
    const shown = Object.keys(run.project.files).map((path) => path.split('/')[0] ?? path);
    run.sh('ls', [...new Set([...shown, 'README.md'])].sort().join('\n'));
  }
  for (const path of paths) run.read(path);
}
