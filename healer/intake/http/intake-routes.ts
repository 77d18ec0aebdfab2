/** `POST /intake/<source>` for every declared source, and the status that each outcome answers with. */
import { type Intake, type Received, receive } from '../receive.ts';
import { pathOf, type Source } from '../source.ts';
import { refusal } from './refusal.ts';
import type { Reply, Route } from './routes.ts';

export function intakeRoutes(intake: Intake, sources: readonly Source[]): Route[] {
  return sources.map((source) => ({
    method: 'POST',
    path: pathOf(source),
    async answer(asked) {
      const reply = replyTo(source, await receive(intake, source, asked));
      return { ...reply, log: { source: source.name, ...reply.log } };
    },
  }));
}

function replyTo({ name }: Source, received: Received): Reply {
  switch (received.outcome) {
    case 'accepted': {
      const { outcome: _, ...body } = received;
      return { status: 202, body, log: { events: received.events, duplicate: received.duplicate } };
    }
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
