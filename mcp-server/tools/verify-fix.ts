import { z } from 'zod';
import { verificationSchema } from '../../gate/verification.ts';
import { verifyFix } from '../../healer/fixes/verify-fix.ts';
import { tool } from '../tool.ts';
import { incidentField } from './fields.ts';

export const verifyFixTool = tool({
  name: 'verify_fix',
  title: 'Verify the fix',
  description:
    'Runs the gate on the worktree as it is now: guardrails, reproduction (red on the base for the incident’s reason, green on the fix), scenarios, invariants, blast radius, anti-patterns. pass, fail (correct it and call again) or refuse (final: escalate). Every finding names its next step.',
  input: z.strictObject({ incident: incidentField }),
  output: verificationSchema,
  annotations: { readOnlyHint: false },
  binding: 'changes',
  async run({ incident }, { bench, signal, progress, judgeUnseen }) {
    const { verification, text } = await verifyFix(bench, incident, {
      signal,
      onProgress: progress,
      judgeUnseen: () => judgeUnseen(incident),
    });
    return { text, value: verification };
  },
});
