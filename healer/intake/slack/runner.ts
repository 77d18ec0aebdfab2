/**
 * What is done for a message that somebody said to the bot: its error, or that of its thread or of a message it links to, is
 * recorded as a person gives one, and answered in the thread; a failed run and an issue of Sentry that it links to are read;
 * talk gets one hint.
 */

import { type CiLink, ciLink, type SentryLink, sentryLinks, slackLink } from '../../../events/chat/links.ts';
import { slackMessageSchema, slackText } from '../../../events/chat/slack-text.ts';
import { type CiFailure, ciFailureId } from '../../../events/ci/ci-failure.ts';
import { toEvents } from '../../../events/normalize.ts';
import type { Occurrence } from '../../../events/occurrence.ts';
import { type Said, saidErrors, saidSchema } from '../../../events/sources/slack.ts';
import { forgetHint, hintOnce, incidentVersion, savePosted } from '../../../store/chat-messages.ts';
import { reportError } from '../../incidents/report-error.ts';
import type { ErrandOutcome, ErrandRunner } from '../errands.ts';
import { leaveOut, UNNAMED } from '../github/leave-out.ts';
import type { Intake } from '../receive.ts';
import { record } from '../record.ts';
import { isOurs, readIssue } from '../sentry/issue.ts';
import { ANSWER, answeredBefore, incidentUrl, say } from './answers.ts';
import { readSnippet } from './snippet.ts';
import type { Asked, SlackWeb } from './web.ts';
import { escaped, HINT, incidentWords } from './words.ts';

/** Of a thread the beginning is read: what it is about stands there. */
const MOST_REPLIES = 50;

export function slackRunner(intake: Intake, web: SlackWeb | undefined): ErrandRunner {
  return {
    kind: 'slack',
    async run({ id, payload, tries }, signal) {
      const said = saidSchema.parse(payload);
      // A dry run reads, and says nothing.
      const out = intake.dryRun ? undefined : web;
      const issue = sentryLinks(said.text).find((one) => isOurs(one, intake.env));
      const read = issue && (await askSentry(intake, said, issue, signal));
      if (read?.outcome === 'later') return read;
      if (read?.outcome === 'read')
        return reportAll(intake, out, said, [read.occurrence], { errand: id, again: tries > 0, source: 'sentry' });
      const found = await findErrors(said, web, (url) => readSnippet(url, intake.env, signal));
      if (!found.ok) return outcome(found);
      if (found.data.length > 0)
        return reportAll(intake, out, said, found.data, { errand: id, again: tries > 0, source: 'slack' });
      const link = ciLink(said.text);
      if (link) return readRun(intake, out, said, link);
      if (read) return answer(intake, out, said, `I leave that issue alone: ${escaped(read.why, 300)}.`);
      return hint(intake, out, said);
    },
    // The error itself is recorded before anything is answered.
    async giveUp() {},
  };
}

/** What Sentry knows of the issue says more than whatever is quoted of it; who asked for it is noted. */
async function askSentry({ env, settings }: Intake, { channel, user }: Said, link: SentryLink, stop: AbortSignal) {
  const { config } = await settings();
  const read = await readIssue(link, { env, projects: config.sources.sentry.projects, stop });
  if (read.outcome !== 'read') return read;
  const { occurrence } = read;
  const asked = { ...occurrence, trigger: 'manual' as const, labels: { ...occurrence.labels, channel, user } };
  return { outcome: read.outcome, occurrence: asked };
}

async function findErrors(
  said: Said,
  web: SlackWeb | undefined,
  whole: (url: string) => Promise<string | undefined>,
): Promise<Asked<Occurrence[]>> {
  for (const url of said.snippets) {
    const told = saidErrors(said, (await whole(url)) ?? '');
    if (told.length > 0) return { ok: true, data: told };
  }
  const own = saidErrors(said, said.text);
  if (own.length > 0 || web === undefined) return { ok: true, data: own };
  const linked = slackLink(said.text);
  const where = linked ?? (said.thread === undefined ? undefined : { channel: said.channel, ts: said.thread });
  if (where === undefined) return { ok: true, data: [] };
  // Who writes to the bot may not read what it reads: another channel must be open to everybody.
  if (where.channel !== said.channel) {
    const info = await web.ask((client) => client.conversations.info({ channel: where.channel }));
    if (!info.ok) return info.passing ? info : { ok: true, data: [] };
    if (info.data.channel?.is_channel !== true || info.data.channel.is_private !== false) return { ok: true, data: [] };
  }
  const thread = await web.ask((client) =>
    client.conversations.replies({ channel: where.channel, ts: where.ts, limit: MOST_REPLIES }),
  );
  if (!thread.ok) {
    // A channel that the bot is not in: what was said there is not ours to read.
    return thread.passing ? thread : { ok: true, data: [] };
  }
  const messages = (thread.data.messages ?? []).flatMap((message) => {
    const parsed = slackMessageSchema.safeParse(message);
    return parsed.success ? [parsed.data] : [];
  });
  // A link names one message; called into a thread, the bot is to read all of it. What bots say there counts, ours apart.
  const meant = linked ? messages.filter(({ ts }) => ts === linked.ts) : messages;
  for (const message of meant) {
    const told = saidErrors(said, slackText(message));
    if (told.length > 0 && !slackText(message).includes('*INC-')) return { ok: true, data: told };
  }
  return { ok: true, data: [] };
}

async function reportAll(
  intake: Intake,
  web: SlackWeb | undefined,
  said: Said,
  occurrences: Occurrence[],
  { errand, again, source }: { errand: string; again: boolean; source: 'slack' | 'sentry' },
): Promise<ErrandOutcome> {
  const { bench } = intake;
  const { options } = await intake.settings();
  const incidents: string[] = [];
  for (const event of toEvents(source, occurrences, { ...options, now: bench.now() })) {
    const reported = await reportError(bench, { event, who: `slack:${said.user}` });
    if (!incidents.includes(reported.incident)) incidents.push(reported.incident);
  }
  if (web === undefined) return { outcome: 'done', why: unanswered(intake) };
  for (const incident of incidents) {
    const standing = await bench.incidents.get(incident);
    if (standing === undefined) continue;
    const version = incidentVersion(bench.db, incident);
    const mark = `${errand} ${incident}`;
    const before = again ? await answeredBefore(web, said, mark) : undefined;
    const text = incidentWords(standing, incidentUrl(bench, standing));
    const answered = before ? ({ ok: true, data: before } as const) : await say(web, said, text, mark);
    if (!answered.ok) return outcome(answered);
    const posted = { chat: 'slack', subject: `${ANSWER} ${mark}`, incident, payload: null } as const;
    const where = { place: said.channel, name: answered.data, shown: before ? '' : version };
    savePosted(bench.db, { ...posted, ...where }, bench.now());
  }
  return { outcome: 'done' };
}

async function readRun(intake: Intake, web: SlackWeb | undefined, said: Said, link: CiLink): Promise<ErrandOutcome> {
  const { config } = await intake.settings();
  const failure: CiFailure = {
    told: link.job === undefined ? 'run' : 'job',
    repository: link.repository,
    id: link.job ?? link.run,
    ...(link.job !== undefined && { run: link.run }),
    attempt: 1,
    workflow: UNNAMED,
    commit: '',
    conclusion: 'failure',
  };
  const why = await leaveOut(failure, { ...intake, config, repository: intake.bench.repository });
  const errands = why === undefined ? [{ id: ciFailureId(failure), kind: 'github', payload: failure }] : [];
  const { errands: fresh } = await record(intake, config, { source: 'slack', id: undefined, events: [], errands });
  if (fresh > 0) intake.onErrands?.();
  const words =
    why !== undefined
      ? `I leave that run alone: ${escaped(why, 300)}.`
      : fresh > 0
        ? '⏳ I read the log of that run. What failed there becomes an incident: see `self-healing incidents`.'
        : 'I know that run already: see `self-healing incidents`.';
  return answer(intake, web, said, words);
}

async function hint(intake: Intake, web: SlackWeb | undefined, said: Said): Promise<ErrandOutcome> {
  const { bench } = intake;
  if (!hintOnce(bench.db, 'slack', said.user, bench.now())) return { outcome: 'done', why: 'it tells of no error' };
  const answered = await answer(intake, web, said, HINT);
  if (answered.outcome === 'later') forgetHint(bench.db, 'slack', said.user);
  return answered;
}

function unanswered({ dryRun }: Intake): string {
  return `not answered: ${dryRun ? 'a dry run' : 'SLACK_BOT_TOKEN is not set'}`;
}

async function answer(intake: Intake, web: SlackWeb | undefined, said: Said, words: string): Promise<ErrandOutcome> {
  if (web === undefined) return { outcome: 'done', why: unanswered(intake) };
  const answered = await say(web, said, words);
  return answered.ok ? { outcome: 'done' } : outcome(answered);
}

function outcome({ why, passing, afterMs }: Extract<Asked<unknown>, { ok: false }>): ErrandOutcome {
  if (!passing) return { outcome: 'done', why };
  return { outcome: 'later', why, ...(afterMs !== undefined && { afterMs }) };
}
