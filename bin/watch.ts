/** Entry of dist/watch.cjs: the watcher of production hosts alone, without database and native parts. */
import { watchCommand } from '../cli/commands/watch.ts';
import { runProgram } from '../cli/run-program.ts';
import { VERSION } from './version.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    // The second one means it.
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  });

runProgram([watchCommand], process.argv.slice(2), {
  version: VERSION,
  cwd: process.cwd(),
  signal: stop.signal,
}).then(
  (exit) => process.exit(exit),
  (error: unknown) => {
    process.stderr.write(`self-healing: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(70);
  },
);
