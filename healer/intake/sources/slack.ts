import { redactStrings } from '../../../events/redact-strings.ts';
import { parseSlack, readSaid } from '../../../events/sources/slack.ts';
import { slackSignature } from '../proofs/slack-signature.ts';
import type { Source } from '../source.ts';

/** What people say to the bot in Slack: docs/sources/slack.md. */
export const slack: Source = {
  name: 'slack',
  proofs: [slackSignature('SLACK_SIGNING_SECRET')],
  connects: ['SLACK_APP_TOKEN', 'SLACK_BOT_TOKEN'],
  deliveryId(_headers, text) {
    const body = parseSlack(text);
    return body.type === 'event_callback' ? body.event_id : undefined;
  },
  handshake(_headers, text) {
    const body = parseSlack(text);
    return body.type === 'url_verification' ? { challenge: body.challenge } : undefined;
  },
  async errands(text, _headers, { perPerson, config }) {
    const { said } = readSaid(parseSlack(text));
    if (said === undefined) return { errands: [], left_out: [] };
    if (perPerson.take(`slack:${said.user}`) !== undefined)
      return { errands: [], left_out: ['this person says too much at once'] };
    const clean = redactStrings(said, { ips: config.intake.redact_ips });
    // An address that held a secret cannot be asked without it.
    const payload = { ...clean, ts: said.ts, snippets: clean.snippets.filter((url) => said.snippets.includes(url)) };
    // A mention is told twice, as a mention and as a message: it is one message.
    return { errands: [{ id: `slack:${said.channel}:${said.ts}`, kind: 'slack', payload }], left_out: [] };
  },
};
