import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { editContext } from '../../../healer/fixes/edit-context.ts';
import { writeLesson } from '../../../healer/fixes/lesson.ts';
import type { OpenFix } from '../../../healer/fixes/open-fix.ts';
import { saveRequest } from '../../../healer/fixes/proposal-request.ts';
import { propose } from '../../../healer/fixes/propose.ts';
import { recordDiagnosis } from '../../../healer/fixes/record-diagnosis.ts';
import { verifyFix } from '../../../healer/fixes/verify-fix.ts';
import { write } from '../../write.ts';
import { DIAGNOSIS, healHonestly, started, WORDS } from '../sample-fix.ts';
import { run } from '../sample-repository.ts';

const FILE = '.self-healing/incidents.yaml';
const textOf = ({ worktree }: OpenFix) => readFileSync(join(worktree, FILE), 'utf8');
const entriesOf = (fix: OpenFix) => parse(textOf(fix)).incidents as Record<string, unknown>[];
const NOW = () => new Date('2026-11-20T10:00:00Z');

describe('the lesson of a heal', () => {
  it('is in the tree that is verified and proposed, with a comment for the person, and nowhere else', async () => {
    const { bench, incident, fix, root } = await started({ role: 'session', now: NOW });
    await healHonestly(bench, fix);
    const { verification, text } = await verifyFix(bench, incident);
    expect(verification.verdict, text).toBe('pass');
    expect(entriesOf(fix)).toEqual([
      {
        id: incident,
        date: '2026-11-20',
        error: "TypeError: Cannot read properties of undefined (reading 'tenantId')",
        files: ['src/tenant.js'],
        root_cause: DIAGNOSIS.root_cause,
        fix: 'changed src/tenant.js; scenario S002 holds it: an expired session has no tenant',
        lesson: 'an expired session has no tenant: it was a 500',
      },
    ]);
    expect(textOf(fix)).toMatch(
      /^# yaml-language-server.*\nversion: "1\.0"\nincidents:\n {2}# Drafted by self-healing/,
    );
    expect(run(fix.worktree, 'show', `${verification.tree}:${FILE}`)).toBe(textOf(fix).trimEnd());
    // Exactly that tree counts as verified: nothing was added afterwards.
    expect(await propose(bench, { incident, ...WORDS })).toMatchObject({ status: 'awaiting_approval' });
    expect(existsSync(join(root, FILE))).toBe(false);
    expect(run(root, 'status', '--porcelain', '--', '.', ':!.self-healing/reports')).toBe('');
  }, 120_000);

  it('follows what is known later, writes the same bytes else, and never touches the words of another', async () => {
    const own = '# our own words\nversion: "1.0"\nincidents:\n  - id: INC-1   # the outage\n    error: x\n';
    const { bench, incident, fix } = await started({ role: 'parent', now: NOW }, { [FILE]: own });
    await healHonestly(bench, fix);
    expect(await writeLesson(bench, fix)).toEqual({ status: 'drafted', id: incident, line: 7 });
    expect(textOf(fix).startsWith(own)).toBe(true);
    const before = textOf(fix);
    expect(await writeLesson(bench, fix)).toEqual({ status: 'kept', id: incident });
    expect(textOf(fix)).toBe(before);

    saveRequest(bench, incident, 1, WORDS.title, WORDS.summary);
    expect(await writeLesson(bench, fix)).toMatchObject({ status: 'drafted' });
    expect(entriesOf(fix)[1]).toMatchObject({ id: incident, fix: WORDS.summary });

    await editContext(bench, {
      incident,
      layer: 'incidents',
      entry: { id: incident, error: 'x', lesson: 'look twice' },
    });
    const agents = textOf(fix);
    saveRequest(bench, incident, 1, 'Other', 'other words');
    expect(await writeLesson(bench, fix)).toEqual({ status: 'kept', id: incident });
    expect(textOf(fix)).toBe(agents);
    expect(agents).toContain('# the outage');
  }, 60_000);

  it('of an error that came back gets an id of its own', async () => {
    const { bench, incident, fix: first } = await started();
    const known = `version: "1.0"\nincidents:\n  - { id: ${incident}, error: boom }\n`;
    const again = await started({ role: 'parent' }, { [FILE]: known });
    expect(again.incident).toBe(incident);
    await bench.close();
    await healHonestly(again.bench, again.fix);
    expect(await writeLesson(again.bench, again.fix)).toMatchObject({ status: 'drafted', id: `${incident}-2` });
    expect(entriesOf(again.fix).map(({ id }) => id)).toEqual([incident, `${incident}-2`]);
    expect(existsSync(join(first.worktree, FILE))).toBe(false);
  }, 60_000);

  it('holds no secret: a field that looks like one is left out', async () => {
    const { bench, incident, fix } = await started();
    const root_cause = `the key ${['ghp', 'Zx81kLmQp02VbNn45TtYyUu77HhGgFfDdSsAa'].join('_')} is read from undefined`;
    await recordDiagnosis(bench, { incident, ...DIAGNOSIS, root_cause });
    await healHonestly(bench, fix);
    expect(await writeLesson(bench, fix)).toMatchObject({ status: 'drafted' });
    expect(textOf(fix)).not.toContain('Zx81k');
  }, 60_000);

  it('is left out, with the reason, where there is nothing to add it to or nothing to tell', async () => {
    const none = await started({}, { '.self-healing/config.yaml': '' });
    expect(await writeLesson(none.bench, none.fix)).toEqual({ status: 'left_out', why: 'no diagnosis is recorded' });
    await recordDiagnosis(none.bench, { incident: none.incident, ...DIAGNOSIS });
    expect(await writeLesson(none.bench, none.fix)).toMatchObject({ why: 'no source file is changed' });
    write(none.fix.worktree, { 'src/tenant.js': 'x\n', [FILE]: 'incidents: [{}]\n' });
    expect(await writeLesson(none.bench, none.fix)).toMatchObject({ why: `${FILE} has errors` });
    for (const [source, why] of [
      ['defaults', 'no .self-healing/'],
      ['working_copy', 'not committed yet'],
    ] as const)
      expect(await writeLesson(none.bench, { ...none.fix, law: { ...none.fix.law, source } })).toMatchObject({
        status: 'left_out',
        why: expect.stringContaining(why),
      });
  }, 60_000);
});
