/** From the log of a service to an open pull request, by the real client; killed on the way, and raced by itself. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ORDERS_PART } from '../../cli/demo/orders-part.ts';
import { honestFix } from '../../cli/demo/play.ts';
import type { HealResult } from '../../healer/heal.ts';
import { type LoopbackGitHub, openLoopback } from '../healer/publishing/github/loopback.ts';
import { checkoutDigest } from './checkout.ts';
import { expectUntouched, heal } from './healed.ts';
import { UNVERIFIED } from './plays/acts.ts';
import { endProcess, type Stage, setStage } from './stage.ts';

const ADDRESS = 'https://github.com/acme/shop.git';

let stage: Stage;
let github: LoopbackGitHub;
let env: Record<string, string>;
beforeEach(async () => {
  stage = await setStage('node-orders', { origin: true });
  const origin = stage.origin ?? '';
  await stage.git(['config', 'remote.origin.url', ADDRESS]);
  await stage.git(['config', `url.${origin}.insteadOf`, ADDRESS]);
  stage.before = await checkoutDigest(stage.root);
  github = await openLoopback({ git: origin });
  env = { GITHUB_API_URL: github.apiUrl, GITHUB_TOKEN: github.token };
});
afterEach(async () => {
  await stage.remove();
  await github.close();
});

const script = () => honestFix(ORDERS_PART, UNVERIFIED);

async function shown(incident: string) {
  return JSON.parse((await stage.run(['show', incident, '--json'])).stdout) as {
    status: string;
    url: string | null;
    possible: string[];
  };
}

describe('SIGKILL of approve', () => {
  it('before the pull request and before its record: resumed, it is one pull request, and known', async () => {
    const { result } = await heal(stage, script(), ['--error', stage.logFile], env);
    expect(result).toMatchObject({ status: 'awaiting_publish', verdict: 'pass' });
    const { incident } = result;
    const branch = `hotfix/auto-${incident.slice(4)}`;
    let killed = 0;
    const kill = async () => {
      const ours = (await stage.processes()).filter(
        ({ command }) => command.includes(`approve ${incident}`) && !command.startsWith('python'),
      );
      for (const { pid } of ours) endProcess(pid);
      killed += ours.length;
    };
    const approve = () => stage.person(['approve', incident], { env });

    github.fail('POST /pulls', { hold: kill, status: 502 });
    expect((await approve()).text).not.toContain('Published');
    expect(killed).toBeGreaterThan(0);
    const pushed = await stage.git(['rev-parse', branch], stage.origin);
    expect(github.pulls).toEqual([]);
    expect(await shown(incident)).toMatchObject({ status: 'awaiting_publish', url: null });

    killed = 0;
    github.fail('POST /pulls', { hold: kill, after: 'commit', status: 502 });
    expect((await approve()).text).not.toContain('Published');
    expect(killed).toBeGreaterThan(0);
    expect(github.pulls).toHaveLength(1);
    expect(await shown(incident)).toMatchObject({ status: 'awaiting_publish', url: null });

    const url = 'https://github.com/acme/shop/pull/1';
    const last = await approve();
    expect(last, last.text).toMatchObject({ exit: 0, text: expect.stringContaining(url) });
    expect(github.pulls).toHaveLength(1);
    expect(github.count('POST /pulls')).toBe(2);
    expect(await stage.git(['rev-parse', branch], stage.origin)).toBe(pushed);
    expect(await shown(incident)).toMatchObject({ status: 'proposed', url });
    expect((await stage.run(['status'])).stdout).toContain(url);
    await expectUntouched(stage);
  });
});

describe('two heals of one incident at the same moment', () => {
  it('are one pull request, also when GitHub does not answer for a while', async () => {
    github.fail('GET /', { status: 502, times: 3 });
    const start = () => stage.start(['heal', '--error', stage.logFile, '--yes', '--json'], script(), { env });
    const both = await Promise.all([start(), start()]);
    const ended = await Promise.all(both.map(({ done }) => done));
    const [winner] = ended.filter(({ exit }) => exit === 0);
    const [loser] = ended.filter(({ exit }) => exit !== 0);
    const url = 'https://github.com/acme/shop/pull/1';
    const result = JSON.parse(winner?.stdout ?? '{}') as HealResult;
    expect(result, `${winner?.stderr}${loser?.stderr}`).toMatchObject({ status: 'proposed', url });
    expect(winner?.stderr).toContain('trying again in');
    expect(loser?.stdout).toContain('being worked on by another process');
    expect(github.pulls).toMatchObject([{ draft: false, labels: ['auto-heal'], branch: result.branch }]);
    expect(github.count('POST /pulls')).toBe(1);
    expect(await shown(result.incident)).toMatchObject({ status: 'proposed', url });
    await expectUntouched(stage);
  });
});
