import { expect, test } from 'vitest';
import { mutedBecause, workingConfig } from '../../../healer/incidents/working-config.ts';
import { write } from '../../write.ts';
import { sampleBench } from '../sample-repository.ts';

test('muting lasts until its date', async () => {
  const { bench, root } = await sampleBench({ 'a.ts': 'x' });
  const fingerprint = '1a2b3c4d5e6f7890';
  write(root, {
    '.self-healing/config.yaml': `triage: { mute: [{ fingerprint: "${fingerprint}", reason: noise, until: "2026-11-20" }] }\n`,
  });
  const config = await workingConfig(bench.repository);
  expect(mutedBecause(config.triage.mute, fingerprint, new Date('2026-11-20T22:00:00Z'))).toBe(
    'noise, until 2026-11-20',
  );
  expect(mutedBecause(config.triage.mute, fingerprint, new Date('2026-11-21T00:00:00Z'))).toBeUndefined();
});
