/** Three whole reports as they are read, so that a change of them is seen in review. `npx vitest -u` writes them anew. */
import { expect, test } from 'vitest';
import { escalationReport } from '../../../../healer/publishing/report/escalation-report.ts';
import { proposalReport } from '../../../../healer/publishing/report/proposal-report.ts';
import { doubtful, handedOver, proven } from './sample-facts.ts';

test.each([
  ['a proven fix, as the body of its pull request', 'proven', proposalReport(proven())],
  ['a fix that a person decides about', 'doubtful', proposalReport(doubtful())],
  ['a hand-over', 'handed-over', escalationReport(handedOver())],
])('%s', async (_, name, report) => {
  await expect(report).toMatchFileSnapshot(`fixtures/${name}.md`);
  expect(report.length).toBeLessThan(8000);
});
