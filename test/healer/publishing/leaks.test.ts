import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { redact } from '../../../events/redact.ts';
import { findLeaks } from '../../../healer/publishing/leaks.ts';
import { escalationReport } from '../../../healer/publishing/report/escalation-report.ts';
import { proposalReport } from '../../../healer/publishing/report/proposal-report.ts';
import { inert, prose } from '../../../healer/publishing/report/quote.ts';
import { secretSamples } from '../../corpus/secrets/corpus.ts';
import { doubtful, handedOver, proven } from './report/sample-facts.ts';

const AWS = `AK${'IA'}2OGYBAH6QLMNPQRS`;
const FIXTURES = join(import.meta.dirname, 'report', 'fixtures');

it('finds nothing in whole reports, with all their ids, counts and durations', async () => {
  const reports = [proposalReport(proven()), proposalReport(doubtful()), escalationReport(handedOver())];
  const golden = readdirSync(FIXTURES).map((name) => readFileSync(join(FIXTURES, name), 'utf8'));
  expect(golden.length).toBeGreaterThanOrEqual(3);
  const parts = [...reports, ...golden].map((text) => ({ where: 'report', text }));
  expect(await findLeaks(parts)).toEqual([]);
});

it('finds nothing in ids, trailers and what redaction leaves', async () => {
  const hex = (length: number) => '3f5a9c1e7b2d4f60'.repeat(4).slice(0, length);
  const text = `Fix the tenant of ${hex(40)}

Token \`[secret]\` of [email] from [ip] with card [card]; password=[secret], {"apiKey":"[secret]"}, postgres://[secret]@db.shopnet.io/x
Authorization: [secret]
6 of 6 in 1.42 s, 2026-11-20T10:15:30.123Z, 203.0.113.9, [::1]:5432, sha256 ${hex(64)}
run 0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b, session_id: 0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b

Self-Healing-Incident: INC-${hex(16)}/2
Self-Healing-Tree: ${hex(40)}
Co-authored-by: Mara Vogel <mara.vogel@shopnet.io>`;
  expect(
    await findLeaks([
      { where: 'commit message', text },
      { where: 'branch', text: `hotfix/auto-${hex(16)}-2` },
    ]),
  ).toEqual([]);
});

it('says in which part and line, each kind once, never the text', async () => {
  const leaks = await findLeaks([
    { where: 'title', text: `Use ${AWS}` },
    { where: 'branch', text: 'hotfix/auto-1a2b3c4d5e6f7890' },
    { where: 'report', text: `# Plan\n\nseen by mara.vogel@shopnet.io and jonas@shopnet.io\n\nwith ${AWS}\n` },
  ]);
  expect(leaks).toEqual([
    { where: 'title', kind: 'aws_access_key_id', line: 1 },
    { where: 'report', kind: 'email', line: 3 },
    { where: 'report', kind: 'aws_access_key_id', line: 5 },
  ]);
});

it('sees what Markdown quoting took apart', async () => {
  const password = 'https://svc:kd9p6r6TxeKhLC@files.shopnet.io/x';
  const token = `gh${'p_'}wq8ZbT4kXv1Ms7RyLc2NfJ9hGd5PaE3uKi6O`;
  for (const text of [
    inert(`seen by mara.vogel@shopnet.io`),
    inert(password),
    prose(`a\nb ${token}`),
    'mara.vogel&#64;shopnet.io',
  ])
    expect(await findLeaks([{ where: 'body', text }]), text).toHaveLength(1);
});

it('finds what redaction knows nothing of, and mostly nothing where redaction was', async () => {
  const samples = secretSamples(21);
  const text = (redacted: boolean) =>
    samples
      .map((sample) => (redacted ? redact(sample.text, { ips: true }) : sample.text))
      .map((part) => ({ where: 'body', text: part }));
  const [raw, left] = [await findLeaks(text(false)), await findLeaks(text(true))];
  console.log(`prose: ${raw.length} leaks in ${samples.length} samples; ${left.length} after redaction`);
  expect(left.length).toBeLessThan(raw.length / 2);
});
