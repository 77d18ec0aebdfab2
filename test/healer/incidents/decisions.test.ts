import { expect, test } from 'vitest';
import { cancel, confirmDismissal, retry, skip } from '../../../healer/incidents/decisions.ts';
import { reportError } from '../../../healer/incidents/report-error.ts';
import { write } from '../../write.ts';
import { sampleBench } from '../sample-repository.ts';

const STACK = `TypeError: Cannot read properties of undefined (reading 'tenantId')
    at findTenant (/srv/shop/src/tenant.ts:12:19)
    at handle (/srv/shop/src/server.ts:40:5)`;
const who = 'person:ada';

test('each decision is one legal step with who and why; others say what is possible', async () => {
  const { bench, root } = await sampleBench({ 'a.ts': 'x' });
  const { incidents } = bench;
  write(root, { '.self-healing/config.yaml': 'approval: { start: ask }\n' });
  const { incident } = await reportError(bench, { text: STACK });
  await expect(retry(incidents, { incident, who })).rejects.toThrow(
    expect.objectContaining({
      code: 'not_allowed',
      message: expect.stringContaining('awaiting_start'),
      next: 'Possible now: approve, skip, cancel.',
    }),
  );
  expect(await skip(incidents, { incident, who, why: 'not ours' })).toMatchObject({ status: 'skipped', round: 1 });
  expect(await retry(incidents, { incident, who })).toMatchObject({ status: 'queued', round: 2 });
  await expect(confirmDismissal(incidents, { incident, who })).rejects.toThrow(/it is queued/);
  expect(await cancel(incidents, { incident, who })).toMatchObject({ status: 'cancelled' });
  await expect(retry(incidents, { incident, who })).rejects.toThrow(/it is cancelled/);
  expect((await incidents.transitions(incident)).map(({ to, who: by, why }) => [to, by, why]).slice(-3)).toEqual([
    ['skipped', who, 'not ours'],
    ['queued', who, 'asked for another try'],
    ['cancelled', who, 'cancelled'],
  ]);
  await expect(skip(incidents, { incident: 'INC-x', who })).rejects.toThrow(
    expect.objectContaining({ code: 'not_found' }),
  );
});
