import { expect, it } from 'vitest';
import { besideTested } from '../../../cli/doctor/client.ts';
import manifest from '../../e2e/client/package.json' with { type: 'json' };

it('tells how a client stands to the very one that the end-to-end tests drive', () => {
  const tested = manifest.dependencies['@anthropic-ai/claude-code'];
  const patch = Number(tested.split('.')[2]);
  const other = (number: number) => tested.replace(/\d+$/, String(number));
  expect(besideTested(tested)).toBe('the version this release is tested with');
  expect(besideTested(other(patch + 9000))).toBe(`newer than ${tested}, which this release is tested with`);
  expect(besideTested(other(9))).toBe(`older than ${tested}, which this release is tested with`);
});
