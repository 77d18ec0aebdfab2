import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../context/document.ts';
import { configSchema, defaultConfig, failureTypes } from '../../../context/schemas/config.ts';

function config(text: string) {
  const parsed = parseDocument(text, 'config.yaml', configSchema);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

/** The documented defaults as people would write them; durations in their own units. */
const DOCUMENTED = `
version: "1.0"
guardrails:
  max_files_changed: 3
  max_lines_changed: 50
  forbidden_paths: ["**/migrations/**", "**/.env", "**/.env.*", "**/secrets/**", "**/auth/**", "**/payment/**", ".github/**"]
  require_test_pass: true
  require_reproduction: true
  require_human_review: true
  confidence_threshold: 0.7
  max_blast_radius: 50
autonomy: { type_error: fix, lint_error: fix, build_error: fix, test_failure: fix, dependency_issue: fix, runtime_error: fix, configuration: ask, performance: diagnose, concurrency: diagnose, security: diagnose, architecture: diagnose, unknown: ask }
detection: { similarity_threshold: 0.85, window: 3, repeat_warn: 3, repeat_stop: 5, max_cycle: 5, thrash: 3, advice_in_other_sessions: true }
intake: { settle: 30s, settle_max: 5m, count_window: 24h, min_severity: medium, high_count: 10, medium_count: 3, redact_ips: true }
recovery: { silence_timeout: 600s, wall_clock: 60m, transient_tries: 3, backoff_base: 30s, max_iterations: 5, corrective_retries: 2, failure_context: true, decompose: true, self_correction: true }
criteria: [{ id: gate, gate: pass }]
overrides: []
budget: { max_usd_per_incident: 5, max_usd_per_day: 25, max_prs_per_day: 3, stop_after_rejections: 3, concurrency: 1 }
worktree: { root: .worktrees, setup: "", link: [node_modules, .venv, venv], copy: [] }
tests: { command: "", paths: ["**/*.test.*", "**/*.spec.*", "**/__tests__/**", "**/__snapshots__/**", "**/test/**", "**/tests/**", "**/spec/**", "**/test_*.py", "**/*_test.py", "**/conftest.py", "**/*_test.go", "**/*Test.java"], env: {}, timeout: 300s, jobs: 1, flaky_retries: 1, edits: refuse, known_failing: [] }
approval: { start: auto, publish: ask, expires: 24h, channels: [] }
publish: { provider: auto, base: "", draft: false, label: auto-heal, auto_merge: false }
watch: { window: 30m, quiet: 10m, min_requests: 100, error_rate: 0.01, p95_ms: 500, compare: baseline, prometheus: "", queries: { error_rate: "", p95_ms: "", requests: "", canary: "" }, sentry: { org: "", project: "" }, rollback: { mode: propose, command: [] } }
claude: { command: claude, model: "", max_turns: 120, max_usd: 2, permission_mode: dontAsk, allowed_tools: [Read, Edit, Write, Bash, Grep, Glob, mcp__plugin_self-healing_living-context] }
services: []
sources: { logs: [], github: { repository: "", workflows: [] }, sentry: { projects: [] } }
triage: { mute: [], not_a_bug: [] }
notify: { telegram: { chat_id: "", approvers: [] }, slack: { channel: "", approvers: [] }, webhook: "", email: { from: "", to: [] } }
`;

describe('config.yaml', () => {
  it('has the documented defaults, all of them and no others', () => {
    expect(defaultConfig()).toEqual(config(DOCUMENTED));
    expect(config('')).toEqual(defaultConfig());
    expect(failureTypes).toEqual(Object.keys(defaultConfig().autonomy));
  });

  it('reads durations as milliseconds', () => {
    const { recovery, tests } = config(
      'recovery: {silence_timeout: 90, wall_clock: 1.5h, backoff_base: 250ms}\ntests: {timeout: 2 m}\n',
    );
    expect(recovery).toMatchObject({ silence_timeout: 90_000, wall_clock: 5_400_000, backoff_base: 250 });
    expect(tests.timeout).toBe(120_000);
    for (const wrong of ['-1', '1w', '""', '10 minutes', '.inf', 'true'])
      expect(parseDocument(`tests: {timeout: ${wrong}}`, 'f', configSchema).ok).toBe(false);
  });

  it('keeps an override to what it sets: no defaults come with it', () => {
    const { overrides } = config(
      'overrides:\n  - match: {failure_type: lint_error}\n    set: {recovery: {wall_clock: 5m}, guardrails: {max_files_changed: 9}}\n',
    );
    expect(overrides).toEqual([
      {
        match: { failure_type: 'lint_error' },
        set: { recovery: { wall_clock: 300_000 }, guardrails: { max_files_changed: 9 } },
      },
    ]);
  });

  it('takes ids of chats and values of the environment as numbers too', () => {
    const { notify, tests } = config(
      'notify: {telegram: {chat_id: -100123, approvers: [7]}}\ntests: {env: {PORT: 80}}\n',
    );
    expect(notify.telegram).toEqual({ chat_id: '-100123', approvers: ['7'] });
    expect(tests.env).toEqual({ PORT: '80' });
  });

  it.each([
    ['a path that leaves the repository', 'worktree: {root: ../elsewhere}'],
    ['an expression that does not compile', 'triage: {not_a_bug: ["("]}'],
    ['a criterion of two kinds', 'criteria: [{id: a, gate: pass, command: x}]'],
    ['an unknown failure type', 'overrides: [{match: {failure_type: typo}, set: {}}]'],
    ['a share above one', 'guardrails: {confidence_threshold: 70}'],
  ])('refuses %s', (_, text) => {
    expect(parseDocument(text, 'f', configSchema).ok).toBe(false);
  });
});
