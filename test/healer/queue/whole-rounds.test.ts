/** Whole rounds through the worker: how far policy lets an incident go, and what a dry run leaves. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { approveStart } from '../../../healer/incidents/decisions.ts';
import { approvePublish } from '../../../healer/publishing/approve-publish.ts';
import { diagnosisOf } from '../../../store/diagnoses.ts';
import { runsOf } from '../../../store/runs.ts';
import { diagnoses, FIXES } from '../acting-client.ts';
import { addRemote, benchOn, run as git } from '../sample-repository.ts';
import { queued } from './queued.ts';

const LONG = 300_000;
const phases = (bench: Parameters<typeof runsOf>[0], incident: string) =>
  runsOf(bench, incident).map((run) => run.phase);

describe('autonomy', () => {
  it(
    '`ask`: stops after the diagnosis; once a person lets it, it is fixed in the same round without another one',
    async () => {
      const { start, said, bench, incident } = await queued(`${diagnoses({ failure_type: 'configuration' })} ${FIXES}`);
      await start();
      await said('run_ended');
      expect(await bench.incidents.get(incident)).toMatchObject({ status: 'awaiting_start', round: 1 });
      expect(phases(bench.db, incident)).toEqual(['diagnosis']);
      expect(diagnosisOf(bench.db, incident, 1)).toMatchObject({ failure_type: 'configuration' });
      expect((await bench.incidents.transitions(incident)).at(-1)?.why).toContain('"ask"');
      await approveStart(bench.incidents, { incident, who: 'person:ada' });
      expect(await said('run_ended', 2)).toMatchObject({ status: 'awaiting_publish', round: 1, verdict: 'pass' });
      expect(phases(bench.db, incident)).toEqual(['diagnosis', 'fix']);
    },
    LONG,
  );

  it.each([
    {
      name: '`diagnose`: goes to a person with the diagnosis and no patch',
      diagnosis: { failure_type: 'security' },
      ended: { status: 'escalated', failure_mode: undefined },
      report: 'autonomy.security: diagnose',
    },
    {
      name: "below the threshold of confidence even `fix` is a person's",
      diagnosis: { confidence: 0.4 },
      ended: { status: 'escalated', failure_mode: 'low_confidence' },
      report: '0.4, below the threshold of 0.7',
    },
    {
      name: 'a class that nobody knows counts as `unknown`',
      diagnosis: { failure_type: 'cosmic_rays' },
      config: 'autonomy: { unknown: diagnose }\n',
      ended: { status: 'escalated', failure_mode: undefined },
      report: 'Errors of the class cosmic_rays are diagnosed only',
    },
  ])(
    '$name',
    async ({ diagnosis, config = '', ended, report }) => {
      const { start, said, bench, incident, root } = await queued(`${diagnoses(diagnosis)} ${FIXES}`, config);
      await start();
      expect(await said('run_ended')).toMatchObject({ incident, ...ended });
      expect(phases(bench.db, incident)).toEqual(['diagnosis']);
      const text = readFileSync(join(root, `.self-healing/reports/${incident}.md`), 'utf8');
      expect(text).toContain(report);
      expect(text).toContain('reads the tenant of a session that may have expired');
      expect(text).toContain('Nothing was changed.');
    },
    LONG,
  );
});

it(
  'the kill switch holds between two phases as well: no fix is begun, and the diagnosis is kept for later',
  async () => {
    const { start, said, bench, incident, root } = await queued(
      `if (process.argv.includes('self-healing:diagnostician')) require('node:fs').writeFileSync('../../../.self-healing/PAUSE', '');
       ${diagnoses()} ${FIXES}`,
    );
    await start();
    expect(await said('run_stopped')).toMatchObject({ incident, status: 'queued' });
    expect(phases(bench.db, incident)).toEqual(['diagnosis']);
    expect(await bench.incidents.get(incident)).toMatchObject({ status: 'queued', round: 1 });
    await said('standing_still');
    rmSync(join(root, '.self-healing/PAUSE'));
    expect(await said('run_ended')).toMatchObject({ status: 'awaiting_publish', verdict: 'pass' });
    expect(phases(bench.db, incident)).toEqual(['diagnosis', 'fix']);
  },
  LONG,
);

describe('a dry run', () => {
  it(
    'does everything but publish, says what it would have done, and what it proved is published by a later `approve`',
    async () => {
      const { start, said, bench, incident, root, repository, base } = await queued(
        `${diagnoses()} ${FIXES}`,
        'approval: { publish: auto }\n',
      );
      const remote = addRemote(root);
      const before = git(remote, 'for-each-ref');
      await start(bench, { dryRun: true });
      const branch = `hotfix/auto-${incident.slice(4)}`;
      expect(await said('would_publish')).toMatchObject({
        ...{ incident, branch, base: 'main', verdict: 'pass', report: `.self-healing/reports/${incident}.md` },
        title: expect.stringMatching(/^Fix TypeError/),
        files: expect.arrayContaining([
          '.self-healing/scenarios/tenants.yaml',
          'src/tenant.js',
          'test/expired.test.js',
        ]),
      });
      expect(await bench.incidents.get(incident)).toMatchObject({ status: 'awaiting_publish', round: 1 });
      expect([git(remote, 'for-each-ref'), git(root, 'branch', '--list', 'hotfix/*')]).toEqual([before, '']);
      const text = readFileSync(join(root, `.self-healing/reports/${incident}.md`), 'utf8');
      expect(text.split('\n')[0]).toContain('Dry run: nothing was published.');
      expect(text).toContain('session?.tenantId ?? null');

      const person = await benchOn(repository);
      const published = await approvePublish(person, incident, { who: 'person:ada', verifyAgain: true });
      expect(published).toMatchObject({ status: 'proposed', branch });
      expect(git(remote, 'rev-list', '--count', `${base}..${branch}`)).toBe('1');
      expect(readFileSync(join(root, `.self-healing/reports/${incident}.md`), 'utf8')).not.toContain('Dry run');
    },
    LONG,
  );

  it(
    'says whom it would have asked, before the start and before publishing',
    async () => {
      const { start, said, bench, incident } = await queued(`${diagnoses({ failure_type: 'configuration' })} ${FIXES}`);
      await start(bench, { dryRun: true });
      expect(await said('would_ask')).toMatchObject({ incident, gate: 'start', why: expect.stringContaining('"ask"') });
      await approveStart(bench.incidents, { incident, who: 'person:ada' });
      expect(await said('would_ask', 2)).toMatchObject({
        ...{ incident, gate: 'publish', why: 'approval.publish is "ask"' },
        branch: `hotfix/auto-${incident.slice(4)}`,
      });
      expect(await bench.incidents.get(incident)).toMatchObject({ status: 'awaiting_publish' });
    },
    LONG,
  );
});
