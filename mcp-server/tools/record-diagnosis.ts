import { z } from 'zod';
import { failureTypes } from '../../context/schemas/config.ts';
import { recordDiagnosis } from '../../healer/fixes/record-diagnosis.ts';
import { tool } from '../tool.ts';
import { filesField, incidentField } from './fields.ts';

export const recordDiagnosisTool = tool({
  name: 'record_diagnosis',
  title: 'Record the diagnosis',
  description:
    'Records the root cause and sets the scope of the fix. failure_type and confidence are set once; a second call may only add affected_files, with the reason in reasoning. A thrown TypeError is runtime_error; type_error is a type checker’s finding.',
  input: z.strictObject({
    incident: incidentField,
    root_cause: z.string().min(1).describe('The cause with file and line, not the symptom'),
    failure_type: z.enum(failureTypes),
    affected_files: filesField.describe('Source files that a minimal fix must change'),
    confidence: z.number().min(0).max(1),
    reasoning: z.string().min(1).describe('From the error to the cause, and what was ruled out'),
  }),
  output: z.object({
    autonomy: z.enum(['fix', 'ask', 'diagnose']),
    affected_files: z.array(z.string()),
    next: z.string(),
  }),
  annotations: { readOnlyHint: false },
  binding: 'changes',
  async run(input, { bench, signal, progress }) {
    const result = await recordDiagnosis(bench, input, { signal, onProgress: progress });
    return {
      text: `autonomy: ${result.autonomy}. Scope: ${result.affected_files.join(', ')}.\nNext: ${result.next}`,
      value: result,
    };
  },
});
