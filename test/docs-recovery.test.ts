/** The page about recovery: every mode is in its table, and its YAML is settings that can be read and match. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { parseCriteria } from '../cli/criteria-file.ts';
import { configSchema } from '../context/schemas/config.ts';
import { applyOverrides } from '../healer/fixes/overrides.ts';
import { answerTo, FAILURE_MODES } from '../healer/recovery/failure-mode.ts';

const PAGE = readFileSync(join(import.meta.dirname, '..', 'docs', 'recovery.md'), 'utf8');
const SAMPLES = [...PAGE.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, text = '']) => text);

/** What the row of a mode says, in the words of the table. */
const WORDS = {
  wait_and_resume: /in the same session; then/,
  corrective_resume: /corrective retry in the same session/,
  corrective_fresh: /corrective retry in a new session/,
  escalate: /^ a person /,
  stop: /^ nothing/,
};

it('has a row for every failure mode, with its answer', () => {
  for (const mode of FAILURE_MODES) {
    const row = PAGE.split('\n').find((line) => line.startsWith('| `') && line.split('|')[1]?.includes(`\`${mode}\``));
    expect(row?.split('|')[3], mode).toMatch(WORDS[answerTo(mode)]);
  }
});

it('shows criteria and overrides that are settings', () => {
  const [criteria = '', overrides = ''] = SAMPLES;
  expect(SAMPLES).toHaveLength(2);
  expect(parseCriteria(criteria, 'criteria.yaml').map(({ id }) => id)).toEqual(['gate', 'lint', 'test', 'changelog']);
  const config = configSchema.parse(parseYaml(overrides));
  const known = { source: 'log', service: undefined, failure_type: undefined, files: [] };
  expect(applyOverrides(config, known)).toEqual(config);
  expect(applyOverrides(config, { ...known, source: 'github' }).recovery.self_correction).toBe(false);
  const typed = applyOverrides(config, { ...known, failure_type: 'type_error' }).recovery;
  expect(typed).toEqual({ ...config.recovery, corrective_retries: 4, decompose: false });
  const billing = applyOverrides(config, { ...known, service: 'billing', files: ['src/billing/sum.js'] });
  expect(billing.guardrails).toEqual({ ...config.guardrails, max_files_changed: 1, max_lines_changed: 20 });
  expect(billing.approval).toEqual({ ...config.approval, start: 'ask', publish: 'ask' });
  expect(billing.criteria.map(({ id }) => id)).toEqual(['gate', 'ledger']);
});
