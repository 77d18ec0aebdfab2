import { expect, it } from 'vitest';
import { stepLog } from '../../../events/ci/step-log.ts';
import { jobLog } from '../../healer/intake/github/failed-run.ts';

const LOG = jobLog(
  'npm run lint',
  '\u001b[31mbad.js\u001b[0m\n##[error]  1:1  error  Unexpected var  no-var\n##[group]more\nwords\n##[endgroup]',
);

it('is what the step printed: no times, no marks, no colours, no header', () => {
  const text = 'bad.js\n  1:1  error  Unexpected var  no-var\nmore\nwords';
  const times = { started: '2026-11-20T10:00:10Z', completed: '2026-11-20T10:00:14Z' };
  expect(stepLog(LOG, times)).toEqual({ command: 'npm run lint', text });
  expect(stepLog(LOG)).toEqual({ command: 'npm run lint', text });
});

it('is the whole log where nothing of the step is found', () => {
  expect(stepLog('one\ntwo', { started: '2026-11-20T10:00:10Z', completed: '2026-11-20T10:00:14Z' })).toEqual({
    command: undefined,
    text: 'one\ntwo',
  });
  expect(stepLog('').text).toBe('');
});
