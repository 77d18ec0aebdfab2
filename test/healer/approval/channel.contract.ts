/** What every chat has to do with a question, through its own client library against a platform on the loopback interface. */
import { describe, expect, it, vi } from 'vitest';
import { openDesk } from '../../../healer/approval/desk.ts';
import { decisionsOf } from '../../../store/approvals.ts';
import { type Served, served } from '../intake/serving.ts';
import { run } from '../sample-repository.ts';
import { awaitingPublish, awaitingStart, settingsWith } from './waiting-fix.ts';

export interface Shown {
  /** As the platform got it, markup and all. */
  text: string;
  /** The labels of its buttons. */
  buttons: string[];
}

export interface Platform {
  env: Record<string, string>;
  /** `notify: …` of the settings, with both approvers. */
  notify: string;
  approvers: [string, string];
  stranger: string;
  /** Foreign markup that would act, were it not escaped: of `<!channel> @everyone <b> [click](https://evil.example)`. */
  live: RegExp;
  /** What stands in the place of questions, oldest first; what is said beneath a message is not in it. */
  shown(): Shown[];
  /** What was said beneath messages. */
  beneath(): string[];
  /** Resolves when the tap was delivered; `at` counts in `shown()`. */
  tap(who: string, label: string, at?: number): Promise<void>;
  /** What only this person was told. */
  told(who: string): string[];
  /** Answers a question for a reason, where a tap on ❌ Skip at the publish gate asks for one. */
  giveReason?(who: string, reason: string): Promise<void>;
  /** Answers with a server error while it is set. */
  setDown(down: boolean): void;
  /** The next message is posted, and its answer lost; left out where posted messages cannot be found again. */
  loseNextAnswer?(): void;
}

const soon = { timeout: 50_000, interval: 20 };
const APPROVE = '✅ Approve Fix';
const SKIP = '❌ Skip';

export function channelContract(name: 'slack' | 'telegram', open: () => Promise<Platform>): void {
  const asking = (notify: string, more = '', start = 'ask') =>
    settingsWith(`approval: { start: ${start}, publish: ask, channels: [${name}]${more} }\n${notify}`);
  const together = async (options: { more?: string; now?: () => Date } = {}) => {
    const chat = await open();
    const { more = '', ...rest } = options;
    const config = asking(chat.notify, more);
    const to = await served({ config, env: chat.env, ...rest });
    return { chat, to, config };
  };
  const once = async (chat: Platform) => {
    await vi.waitFor(() => expect(chat.shown()).toHaveLength(1), soon);
    return chat.shown()[0] as Shown;
  };
  const statusOf = async ({ bench }: Served, incident: string) => (await bench.incidents.get(incident))?.status;
  const outcome = ({ bench }: Served, incident: string) =>
    decisionsOf(bench.db, incident, 1).map(({ answer, who, channel, outcome: end }) => ({
      answer,
      who,
      channel,
      end: end?.outcome,
    }));

  describe(`${name} as a channel of approvals`, () => {
    it('posts a question once, with the words of the contract, and starts what an approver approves', async () => {
      const { chat, to } = await together();
      const incident = await awaitingStart(to.bench);
      const { text, buttons } = await once(chat);
      expect(text).toMatch(/^🚨 New Error — Approve Fix\?\n/);
      expect(text).toMatch(/\n[🔴🟠🟡⚪] Severity: (CRITICAL|HIGH|MEDIUM|LOW)\nService: /u);
      expect(text).toMatch(/\nError: .*tenantId.*\nPath: .*src\/tenant\.js:3/);
      expect(buttons).toEqual([APPROVE, SKIP]);
      await chat.tap(chat.approvers[0], APPROVE);
      expect(await statusOf(to, incident)).not.toBe('awaiting_start');
      expect(
        (await to.bench.incidents.transitions(incident)).find(({ from }) => from === 'awaiting_start'),
      ).toMatchObject({
        to: 'queued',
        who: expect.stringContaining(`person:${name}:${chat.approvers[0]}`),
      });
      await vi.waitFor(
        () => expect(chat.shown()).toMatchObject([{ buttons: [], text: expect.stringContaining('Approved by') }]),
        soon,
      );
      expect(chat.told(chat.approvers[0])).toEqual([]);
    });

    it('tells who answers second who has decided, and changes nothing', async () => {
      const { chat, to } = await together();
      const incident = await awaitingStart(to.bench);
      await once(chat);
      const desk = openDesk({
        bench: to.bench,
        settings: async () => ({ config: (await import('../../../context/schemas/config.ts')).defaultConfig() }),
      });
      expect(await desk.decide({ incident, answer: 'skip', channel: 'cli', who: 'person:ada' })).toMatchObject({
        outcome: 'won',
      });
      await chat.tap(chat.approvers[0], APPROVE);
      expect(chat.told(chat.approvers[0])).toEqual([expect.stringContaining('Skipped by ada')]);
      expect(await statusOf(to, incident)).toBe('skipped');
      await vi.waitFor(
        () => expect(chat.shown()).toMatchObject([{ buttons: [], text: expect.stringContaining('Skipped by ada') }]),
        soon,
      );
      expect(outcome(to, incident)).toEqual([{ answer: 'skip', who: 'person:ada', channel: 'cli', end: 'done' }]);
    });

    it('takes of two taps the first, and the same tap twice as one', async () => {
      const { chat, to } = await together();
      const incident = await awaitingStart(to.bench);
      await once(chat);
      const [one, other] = chat.approvers;
      await Promise.all([chat.tap(one, SKIP), chat.tap(one, SKIP)]);
      await chat.tap(other, APPROVE).catch(() => {});
      expect(await statusOf(to, incident)).toBe('skipped');
      expect(outcome(to, incident)).toMatchObject([{ answer: 'skip', end: 'done' }]);
      expect(chat.told(one)).toEqual([]);
    });

    it('refuses a stranger, who is told so', async () => {
      const { chat, to } = await together();
      const incident = await awaitingStart(to.bench);
      await once(chat);
      for (const label of [APPROVE, SKIP]) await chat.tap(chat.stranger, label);
      expect(chat.told(chat.stranger)).toHaveLength(2);
      expect(chat.told(chat.stranger)[0]).toContain('not among the approvers');
      expect(await statusOf(to, incident)).toBe('awaiting_start');
      expect(outcome(to, incident)).toEqual([]);
      expect(chat.shown()[0]?.buttons).toEqual([APPROVE, SKIP]);
    });

    it('refuses an answer to an earlier asking', async () => {
      const { chat, to } = await together();
      const incident = await awaitingStart(to.bench);
      await once(chat);
      const move = (status: 'skipped' | 'queued' | 'healing' | 'awaiting_start') =>
        to.bench.incidents.transition({ incident, to: status, who: 'test', why: 'asked for a reason' });
      chat.setDown(true);
      for (const status of ['skipped', 'queued', 'healing', 'awaiting_start'] as const) await move(status);
      chat.setDown(false);
      await chat.tap(chat.approvers[0], APPROVE, 0);
      expect(chat.told(chat.approvers[0])).toEqual([expect.stringMatching(/something else|decided|asked any more/)]);
      expect(await statusOf(to, incident)).toBe('awaiting_start');
      await vi.waitFor(() => expect(chat.shown().map(({ buttons }) => buttons.length)).toEqual([0, 2]), soon);
    });

    it('shows that nobody answered in time', async () => {
      let clock = Date.now();
      const { chat, to } = await together({ more: ', expires: 24h', now: () => new Date(clock) });
      const incident = await awaitingStart(to.bench);
      await once(chat);
      clock += 86_400_000;
      await vi.waitFor(
        () =>
          // The hand-over itself may be told in the same chat.
          expect(chat.shown()).toContainEqual(
            expect.objectContaining({ buttons: [], text: expect.stringContaining('Nobody answered in time') }),
          ),
        soon,
      );
      await vi.waitFor(async () => expect(await statusOf(to, incident)).toBe('escalated'), soon);
      await chat.tap(chat.approvers[0], APPROVE, 0).catch(() => {});
      expect(await statusOf(to, incident)).toBe('escalated');
    });

    it('goes on after a restart between question and answer, and posts nothing twice', async () => {
      const { chat, to } = await together();
      const incident = await awaitingStart(to.bench);
      const before = await once(chat);
      await to.close();
      const again = await served({ env: chat.env, repository: to.bench.repository });
      await chat.tap(chat.approvers[1], SKIP);
      expect(await statusOf(again, incident)).toBe('skipped');
      await vi.waitFor(
        () => expect(chat.shown()).toMatchObject([{ buttons: [], text: expect.stringContaining('Skipped by') }]),
        soon,
      );
      expect(chat.shown()[0]?.text.split('\n').slice(0, 5)).toEqual(before.text.split('\n').slice(0, 5));
    });

    it('posts later, once, where the platform is down for a while', async () => {
      let clock = Date.now();
      const chat = await open();
      chat.setDown(true);
      const to = await served({ config: asking(chat.notify), env: chat.env, now: () => new Date(clock) });
      await awaitingStart(to.bench);
      const tries = () => to.bench.db.get<{ tries: number }>('SELECT tries FROM messages')?.tries;
      await vi.waitFor(() => expect(tries()).toBe(1), soon);
      chat.setDown(false);
      expect(chat.shown()).toEqual([]);
      clock += 60_000;
      await once(chat);
      await vi.waitFor(() => expect(tries()).toBe(0), soon);
      expect(chat.shown()).toHaveLength(1);
    });

    it('does not post again what was posted although the answer was lost', async ({ skip }) => {
      let clock = Date.now();
      const chat = await open();
      if (!chat.loseNextAnswer) skip('posted messages cannot be found again there');
      chat.loseNextAnswer?.();
      const to = await served({ config: asking(chat.notify), env: chat.env, now: () => new Date(clock) });
      const incident = await awaitingStart(to.bench);
      const tries = () => to.bench.db.get<{ tries: number }>('SELECT tries FROM messages')?.tries;
      await vi.waitFor(() => expect(tries()).toBe(1), soon);
      clock += 60_000;
      await vi.waitFor(() => expect(tries()).toBe(0), soon);
      expect(chat.shown()).toHaveLength(1);
      await chat.tap(chat.approvers[0], SKIP);
      expect(await statusOf(to, incident)).toBe('skipped');
    });

    it('lets no error mention anybody, hide a link, or change how a message looks', async () => {
      const { chat, to } = await together();
      await awaitingStart(
        to.bench,
        'TypeError: <!channel> @everyone `x` <b>bold</b> [click](https://evil.example) <https://evil.example|ok> is gone\n    at a (/srv/shop/src/tenant.js:1:1)',
      );
      const { text } = await once(chat);
      expect(text).not.toMatch(chat.live);
      expect(text).toContain('click');
    });

    it('says what the settings lack in place of asking nobody', async () => {
      const chat = await open();
      const to = await served({ config: asking(''), env: chat.env });
      await awaitingStart(to.bench);
      await vi.waitFor(
        () => expect(to.logged).toContainEqual(expect.objectContaining({ event: 'channel_not_ready', channel: name })),
        soon,
      );
      expect(chat.shown()).toEqual([]);
    });

    it('shows the change and its evidence at the publish gate, and publishes what is approved, proven again', async () => {
      const chat = await open();
      const { incident, repository, bench } = await awaitingPublish(asking(chat.notify, '', 'auto'));
      const to = await served({ env: chat.env, repository });
      const { text, buttons } = await once(chat);
      expect(text).toMatch(/Change: 1 source file, \+1 −1; 2 test and context files/);
      for (const check of ['Guardrails', 'Reproduction', 'Scenarios', 'Invariants', 'Blast radius', 'Anti-patterns'])
        expect(text).toMatch(new RegExp(`(✅|⚠️|➖) ${check}`));
      expect(buttons.slice(0, 2)).toEqual([APPROVE, SKIP]);
      await chat.tap(chat.approvers[0], buttons[2] ?? '');
      await vi.waitFor(() => expect(chat.beneath().join('\n')).toMatch(/session\?\.tenantId/), soon);
      expect(chat.beneath().join('\n')).toMatch(/red 3× before, green 3× after/);

      await chat.tap(chat.approvers[0], APPROVE);
      await chat.tap(chat.approvers[1], APPROVE).catch(() => {});
      await vi.waitFor(async () => expect(await statusOf(to, incident)).toBe('proposed'), {
        timeout: 240_000,
        interval: 50,
      });
      await vi.waitFor(
        () =>
          expect(chat.shown()).toMatchObject([
            { buttons: [], text: expect.stringMatching(/Approved by[\s\S]*proposed/) },
          ]),
        soon,
      );
      expect(outcome(to, incident)).toMatchObject([{ answer: 'approve', channel: name, end: 'done' }]);
      expect(run(repository.root, 'branch', '--list', 'hotfix/*').split('\n')).toHaveLength(1);
      expect(bench.db.all('SELECT * FROM proposals')).toHaveLength(1);
    }, 400_000);

    it('rejects at the publish gate, with a reason where it can ask for one', async () => {
      const chat = await open();
      const { incident, repository, bench } = await awaitingPublish(asking(chat.notify, '', 'auto'));
      const to = await served({ env: chat.env, repository });
      await once(chat);
      await chat.tap(chat.approvers[0], SKIP);
      await chat.giveReason?.(chat.approvers[0], 'null hides the expired session; send 401');
      await vi.waitFor(async () => expect(await statusOf(to, incident)).toBe('rejected'), soon);
      const [refused] = bench.db.all<{ reason: string; diff: string }>('SELECT reason, diff FROM refused_diffs');
      expect(refused?.diff).toContain('session?.tenantId');
      if (chat.giveReason) expect(refused?.reason).toBe('null hides the expired session; send 401');
      await vi.waitFor(
        () => expect(chat.shown()).toMatchObject([{ buttons: [], text: expect.stringContaining('Rejected by') }]),
        soon,
      );
    }, 400_000);
  });
}
