import { expect, test } from 'vitest';
import { recordDiagnosis } from '../../../healer/fixes/record-diagnosis.ts';
import { verifyFix } from '../../../healer/fixes/verify-fix.ts';
import { write } from '../../write.ts';
import { DIAGNOSIS, started } from '../sample-fix.ts';
import { run } from '../sample-repository.ts';

test('a run is verified so often and no more; a refusal is final for it', async () => {
  const config = 'tests: { command: node --test }\nrecovery: { max_iterations: 1 }\n';
  const { bench, incident } = await started({ role: 'session' }, { '.self-healing/config.yaml': config });
  expect((await verifyFix(bench, incident)).text).toMatch(/^fail/);
  await expect(verifyFix(bench, incident)).rejects.toThrow('1 is the limit');

  const second = await started({ role: 'session' });
  await recordDiagnosis(second.bench, { incident: second.incident, ...DIAGNOSIS });
  write(second.fix.worktree, { '.github/workflows/x.yml': 'on: push' });
  expect((await verifyFix(second.bench, second.incident)).verification.verdict).toBe('refuse');
  run(second.fix.worktree, 'clean', '-fdq');
  await expect(verifyFix(second.bench, second.incident)).rejects.toThrow('that is final');
}, 120_000);
