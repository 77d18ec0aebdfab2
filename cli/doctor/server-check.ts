/** The server behind the tools and most hooks: that it started, answers a tool, and was still there at the end. */
import { SERVER } from '../../hooks/own-server.ts';
import type { Canary } from './canary.ts';
import { type Check, check, firstLine, ok } from './check.ts';

/** `start` starts the server by hand and says what it complains of; asked only when the client could not. */
export function serverCheck({ init, answer, sightings }: Canary, start: () => Promise<string>): Promise<Check> {
  return check('server', async () => {
    const status = init?.servers.find(({ name }) => name === SERVER)?.status;
    const dead = sightings.find(({ ok, text }) => !ok && /not connected|connection closed|MCP error/i.test(text));
    if (status !== 'connected') {
      const why = firstLine(await start());
      return {
        status: 'fail',
        detail: `did not start (${status ?? 'unknown to the client'})${why === '' ? '' : `: ${why}`}`,
        fix: why === '' ? 'See `claude --debug` for what the client says about it.' : 'Lift what it complains of.',
      };
    }
    if (dead)
      return {
        status: 'fail',
        detail: `started and then ended: ${firstLine(dead.text)}`,
        fix: 'Report it with the output of `claude --debug`; what its hooks guard is judged by the gate alone.',
      };
    if (answer?.isError)
      return { status: 'fail', detail: `a tool failed: ${firstLine(answer.text)}`, fix: 'Do what the message says.' };
    if (answer === undefined)
      return { status: 'warn', detail: 'connected, but no tool of it was called', fix: 'See the hooks.' };
    return ok('connected, and has noted an error');
  });
}
