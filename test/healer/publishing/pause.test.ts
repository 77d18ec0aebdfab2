/** The kill switch between the proof and publishing: nothing leaves while it is on, and once it is off all leaves once. */
import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { startCarryOut } from '../../../healer/approval/carry-out.ts';
import { openDesk } from '../../../healer/approval/desk.ts';
import { openSettings } from '../../../healer/intake/settings.ts';
import { approvePublish } from '../../../healer/publishing/approve-publish.ts';
import { decisionsOf } from '../../../store/approvals.ts';
import { write } from '../../write.ts';
import { diagnoses, FIXES } from '../acting-client.ts';
import { queued } from '../queue/queued.ts';
import { addRemote, benchOn, freshFolder, run as git } from '../sample-repository.ts';

const LONG = 300_000;
const WAIT = { timeout: 100_000, interval: 50 };

/** A remote that, once the agent is gone, is asked about the base: then somebody switches everything off. */
function pausing(root: string, then: string): { remote: string; armed: string } {
  const remote = addRemote(root);
  const folder = freshFolder('upload-pack');
  const armed = join(folder, 'armed');
  const program = join(folder, 'upload-pack');
  const pause = join(root, '.self-healing/PAUSE');
  writeFileSync(
    program,
    `#!/bin/sh\nif [ -e '${armed}' ]; then rm '${armed}'; : > '${pause}'; ${then} fi\nexec git-upload-pack "$@"\n`,
  );
  chmodSync(program, 0o755);
  git(root, 'config', 'remote.origin.uploadpack', program);
  return { remote, armed };
}

it.each([
  ['that answers', ''],
  ['that does not answer any more', 'sleep 100;'],
])(
  'what policy lets out is kept back, and published once it is resumed: a remote %s',
  async (_name, then) => {
    const sample = await queued('', 'approval: { publish: auto }\n');
    const { bench, incident, root, said, logged, base } = sample;
    const { remote, armed } = pausing(root, then);
    sample.script(`${diagnoses()} require('node:fs').writeFileSync(${JSON.stringify(armed)}, ''); ${FIXES}`);
    await sample.start();
    expect(await said('run_ended')).toMatchObject({ incident, status: 'awaiting_publish', verdict: 'pass' });
    expect(existsSync(armed)).toBe(false);
    await said('standing_still');
    expect((await bench.incidents.transitions(incident)).at(-1)).toMatchObject({
      to: 'awaiting_publish',
      why: 'paused: the file .self-healing/PAUSE is there',
    });
    const branches = () => git(remote, 'for-each-ref', '--format=%(refname:short)');
    expect([branches(), git(root, 'branch', '--list', 'hotfix/*')]).toEqual(['main', '']);

    rmSync(join(root, '.self-healing/PAUSE'));
    expect(await said('published_after_pause')).toMatchObject({ incident, status: 'proposed' });
    const branch = `hotfix/auto-${incident.slice(4)}`;
    expect(branches()).toBe(`${branch}\nmain`);
    expect(git(remote, 'rev-list', '--count', `${base}..${branch}`)).toBe('1');
    const steps = await bench.incidents.transitions(incident);
    expect(steps.filter(({ to }) => to === 'proposed')).toMatchObject([{ who: 'policy' }]);
    expect(logged.filter(({ event }) => event === 'run_started')).toHaveLength(1);
  },
  LONG,
);

it(
  "a person's yes waits as well: refused at a terminal, kept in a chat, and carried out once it is resumed",
  async () => {
    const { start, said, bench, incident, repository, root, env } = await queued(`${diagnoses()} ${FIXES}`);
    const remote = addRemote(root);
    const worker = await start();
    await said('run_ended');
    const branches = () => git(remote, 'for-each-ref', '--format=%(refname:short)');

    const terminal = await benchOn(repository);
    const paused = { ...env, SELF_HEALING_PAUSE: '1' };
    const request = { who: 'person:ada', verifyAgain: true };
    expect(await approvePublish(terminal, incident, { ...request, env: paused })).toMatchObject({
      status: 'paused',
      why: 'SELF_HEALING_PAUSE is set',
      next: expect.stringContaining('self-healing resume'),
    });

    write(root, { '.self-healing/PAUSE': '' });
    const settings = await openSettings(bench, () => {});
    const desk = openDesk({ bench, settings });
    const lines: string[] = [];
    const clock = startCarryOut({ bench, desk, env, log: (_level, event) => void lines.push(event) });
    const yes = await desk.decide({ incident, answer: 'approve', channel: 'http', who: 'ana' });
    expect(yes).toMatchObject({ outcome: 'won', pending: true });
    await said('standing_still');
    expect(lines).toEqual([]);
    expect(branches()).toBe('main');

    rmSync(join(root, '.self-healing/PAUSE'));
    await vi.waitFor(() => expect(lines).toContain('approval_ended'), WAIT);
    await clock.stop();
    await worker.stop();
    const branch = `hotfix/auto-${incident.slice(4)}`;
    expect(branches()).toBe(`${branch}\nmain`);
    expect(await bench.incidents.get(incident)).toMatchObject({ status: 'proposed' });
    expect(new Map(decisionsOf(bench.db, incident, 1).map(({ who, outcome }) => [who, outcome?.outcome]))).toEqual(
      new Map([
        ['person:ada', 'void'],
        ['person:http:ana', 'done'],
      ]),
    );
  },
  LONG,
);
