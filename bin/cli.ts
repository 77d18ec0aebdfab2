/** Entry of dist/cli.cjs: the command-line interface. */
import { main } from '../cli/main.ts';
import { VERSION } from './version.ts';

// Node's own warnings (experimental SQLite) are none of the reader's business.
if (!process.env.SELF_HEALING_DEBUG) process.removeAllListeners('warning').on('warning', () => {});

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    // The second one means it.
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  });

main(process.argv.slice(2), { version: VERSION, cwd: process.cwd(), signal: stop.signal }).then(
  (exit) => process.exit(exit),
  (error: unknown) => {
    process.stderr.write(`self-healing: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(70);
  },
);
