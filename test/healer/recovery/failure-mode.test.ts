import { describe, expect, it } from 'vitest';
import { answerTo, FAILURE_MODES } from '../../../healer/recovery/failure-mode.ts';

describe('every failure mode', () => {
  it('has its own answer', () => {
    expect(Object.fromEntries(FAILURE_MODES.map((mode) => [mode, answerTo(mode)]))).toEqual({
      transient: 'wait_and_resume',
      silence: 'corrective_resume',
      crash: 'corrective_resume',
      partial: 'corrective_resume',
      verification: 'corrective_resume',
      loop: 'corrective_fresh',
      drift: 'corrective_fresh',
      refused: 'escalate',
      low_confidence: 'escalate',
      budget: 'escalate',
      cancelled: 'stop',
    });
  });
});
