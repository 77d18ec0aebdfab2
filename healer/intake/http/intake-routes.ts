/** `POST /intake/<source>` for every declared source, and the status that each outcome answers with. */
import { type Intake, type Received, receive } from '../receive.ts';
import { pathOf, type Source } from '../source.ts';
import { ANY_ORIGIN, preflight } from './any-origin.ts';
import { refusal } from './refusal.ts';
import type { Asked, Reply, Route } from './routes.ts';

export function intakeRoutes(intake: Intake, sources: readonly Source[]): Route[] {
  return sources.flatMap((source) => {
    const route: Route = {
      method: 'POST',
      path: pathOf(source),
      ...(source.fromBrowsers && { headers: ANY_ORIGIN }),
      ...(source.compressed && { compressed: true }),
      async answer(asked) {
        const reply = replyTo(source, asked, await receive(intake, source, asked));
        return { ...reply, log: { source: source.name, ...reply.log } };
      },
    };
    return source.fromBrowsers ? [route, preflight(route.path)] : [route];
  });
}

function replyTo(source: Source, asked: Asked, received: Received): Reply {
  const { name } = source;
  switch (received.outcome) {
    case 'accepted': {
      const { outcome: _, ...body } = received;
      const log = { events: received.events, duplicate: received.duplicate };
      return { status: 202, body, ...source.accepted?.(asked), log };
    }
    case 'answered':
      return { status: 200, body: received.body };
    case 'not_ready':
      return refusal(
        503,
        'not_ready',
        `The source ${name} is not ready: ${received.variables.join(' or ')} is not set.`,
        `Set it in the environment of \`self-healing serve\` and start it again.`,
      );
    case 'unproven':
      return refusal(401, 'not_allowed', `Not accepted: ${received.why}.`, 'Correct what the sender signs with.');
    case 'too_many':
      return refusal(429, 'not_ready', `The source ${name} sends too much.`, 'Wait, and send it again.', {
        'retry-after': String(received.retryAfter),
      });
    case 'unreadable':
      return refusal(422, 'bad_input', received.message, received.next);
    default:
      return received satisfies never;
  }
}
