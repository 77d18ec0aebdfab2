/** What three reports are made from: a proven fix, one that a person has to decide about, and a hand-over. */
import type { Change } from '../../../../gate/changes.ts';
import type { Check, CheckName, Counts, Evidence, Finding, Verification } from '../../../../gate/verification.ts';
import type { EscalationFacts } from '../../../../healer/publishing/report/escalation-report.ts';
import type { ProposalFacts } from '../../../../healer/publishing/report/proposal-report.ts';

export const FINGERPRINT = '6f02fe01b1eff11d';
export const INCIDENT = `INC-${FINGERPRINT}`;
const BASE = '636a557b68be2caa6ca071538e7a2a2da45f2ddb';
const TREE = 'ba278668a133c14bd803dda077e47699513035a3';
const WITH_TESTS = 'fe4319066828aa6ca071538e7a2a2da45f2ddb00';
const TEST = 'node --test test/expired-session.test.js';

export function runs(
  times: number,
  at: Evidence['at'],
  counts: Counts | null,
  more: Partial<Evidence> = {},
): Evidence[] {
  const tree = at === 'fix' ? TREE : WITH_TESTS;
  const exit = counts === null || counts.failed > 0 ? 1 : 0;
  return Array.from({ length: times }, () => ({
    command: TEST,
    tree,
    at,
    exit,
    counts,
    seconds: 0.2,
    tail: '',
    ...more,
  }));
}

const RED = { passed: 0, failed: 1, skipped: 0 };
const GREEN = { passed: 1, failed: 0, skipped: 0 };
const TAIL = `✖ answers 401 to a session that has expired (1.09876ms)
  TypeError [Error]: Cannot read properties of undefined (reading 'tenantId')
      at tenantOf (src/tenant-context.js:10:38)
      at route (src/app.js:26:19)
      at handle (src/app.js:13:14)`;

const PROOF = [
  ...runs(3, 'base_tests', RED, { tail: TAIL }),
  ...runs(3, 'fix', GREEN),
  ...runs(3, 'revert', RED),
  ...runs(1, 'fix', RED, { command: `${TEST}  # with src/tenant-context.js broken` }),
];

function suite(command: string, passed: number, failed = 0): Evidence[] {
  const counts = { passed, failed, skipped: 0 };
  return (['base', 'base_source', 'fix'] as const).flatMap((at) =>
    runs(1, at, { ...counts, passed: at === 'fix' && command === 'node --test' ? passed + 1 : passed }, { command }),
  );
}

export function check(status: Check['status'], evidence: Evidence[] = [], findings: Finding[] = []): Check {
  return { status, findings, evidence };
}

function verification(
  checks: Partial<Record<CheckName, Check>>,
  verdict: Verification['verdict'] = 'pass',
): Verification {
  const pass = check('pass');
  return {
    verdict,
    tree: TREE,
    iteration: 1,
    checks: {
      guardrails: pass,
      reproduction: check('pass', PROOF),
      scenarios: check('pass', [...suite('node --test test/app.test.js', 6), ...suite('node --test', 20)]),
      invariants: pass,
      blast_radius: pass,
      anti_patterns: pass,
      ...checks,
    },
  };
}

export function change(
  path: string,
  kind: Change['kind'],
  added: number,
  removed = 0,
  status: Change['status'] = 'M',
): Change {
  return {
    path,
    kind,
    status,
    added,
    removed,
    binary: false,
    oldMode: '100644',
    newMode: '100644',
    oldBlob: TREE,
    newBlob: TREE,
  };
}

const SEEN = { first_seen: '2026-11-20T16:18:55.784Z', last_seen: '2026-11-20T16:40:02.101Z' };
const MESSAGE = "Cannot read properties of undefined (reading 'tenantId')";

/** Healed at once, on GitHub. */
export function proven(): ProposalFacts {
  return {
    record: {
      incident: INCIDENT,
      fingerprint: FINGERPRINT,
      status: 'verified',
      severity: 'medium',
      count: 3,
      error: `TypeError: ${MESSAGE}`,
      files: ['src/tenant-context.js'],
      source: 'log',
      service: 'orders',
      round: 1,
      ...SEEN,
      event: {},
      dismissal_confirmed: false,
      created_at: SEEN.first_seen,
      updated_at: SEEN.last_seen,
    },
    event: {
      id: 'e',
      source: 'log',
      actionable: true,
      severity: 'medium',
      type: 'TypeError',
      message: MESSAGE,
      file: 'src/tenant-context.js',
      line: 10,
      endpoint: 'GET /orders',
      frames: [{ file: 'src/tenant-context.js', line: 10, function: 'tenantOf', in_app: true }],
      ...SEEN,
      count: 3,
      fingerprint: FINGERPRINT,
      received_at: SEEN.last_seen,
    },
    chain: {
      frames: [
        { file: 'src/app.js', line: 13, function: 'handle', code: 'return route(services, request);' },
        {
          file: 'src/app.js',
          line: 26,
          function: 'route',
          code: 'const tenant = tenantOf(services.sessions, request);',
        },
        {
          file: 'src/tenant-context.js',
          line: 10,
          function: 'tenantOf',
          code: 'const { tenantId } = sessions.find(request.headers.session);',
        },
      ],
      leftOut: 0,
    },
    diagnosis: {
      root_cause:
        'tenantOf (src/tenant-context.js:10) reads tenantId of what sessions.find returns, and that is undefined for a session that is unknown or has expired.',
      failure_type: 'runtime_error',
      affected_files: ['src/tenant-context.js'],
      confidence: 0.95,
      reasoning:
        'Sessions.find returns undefined once expiresAt has passed, as its test says. tenantOf is its only caller and does not expect it; app.js turns only HttpError into an answer, so the TypeError becomes a 500. The store is never reached.',
      widened: [],
    },
    base: { commit: BASE, branch: 'main' },
    verification: verification({}),
    needsPerson: [],
    tried: [
      { attempt: 1, phase: 'diagnosis', failureModes: [], judged: [], denied: [] },
      {
        attempt: 1,
        phase: 'fix',
        failureModes: [],
        judged: [{ verdict: 'pass', tree: TREE, by: ['server', 'parent'], blocking: [] }],
        denied: [],
      },
    ],
    earlierRounds: [],
    changes: [
      change('.self-healing/incidents.yaml', 'context', 8),
      change('.self-healing/scenarios/tenancy.yaml', 'context', 15),
      change('src/tenant-context.js', 'source', 2, 1),
      change('test/expired-session.test.js', 'test', 10, 0, 'A'),
    ],
    sourceDiff: `diff --git a/src/tenant-context.js b/src/tenant-context.js
index 1111111..2222222 100644
--- a/src/tenant-context.js
+++ b/src/tenant-context.js
@@ -7,5 +7,6 @@ import { HttpError } from './http-error.js';
 export function tenantOf(sessions, request) {
-  const { tenantId } = sessions.find(request.headers.session);
+  const session = sessions.find(request.headers.session);
+  if (session === undefined) throw new HttpError(401, 'session expired');
   return session.tenantId;
 }
`,
    dependents: { direct: ['src/app.js'], all: ['src/app.js', 'src/server.js'] },
    reproductions: [{ id: 'S012', name: 'answers 401 to a session that has expired', command: TEST }],
    guarded: true,
    warnings: [],
    web: 'https://github.com/acme/orders',
    branch: `hotfix/auto-${FINGERPRINT}`,
    commit: '24585332d87c150e4762dace749ac72b88d9008f',
    title: 'Answer 401 when a session has expired',
    summary:
      'tenantOf now answers 401 when the session is unknown or has expired, instead of reading tenantId of undefined. The check stands at the lookup because that is where every route gets its tenant from.',
    lesson: 'a session may end between two requests; every reader of sessions.find handles undefined with 401',
  };
}

const WEAK: Finding = {
  code: 'reproduction.weak',
  message:
    'Scenario S012 (node --test test/expired-session.test.js) is weak evidence. An assertion of the named case fails while src/tenant-context.js runs; the incident carries no error of its own.',
  next: "Let the incident's own error reach the test runner if it has one; otherwise a person decides at publishing.",
};
const FAILING: Finding = {
  code: 'scenarios.already_failing',
  message:
    'Scenario S000 (node --test): 2 cases are red in the same way on the base: "test/mail.test.js > sends", "test/mail.test.js > retries".',
  next: 'Nothing to do in this fix; people can list known ones in tests.known_failing.',
};
const UNREACHED: Finding = {
  code: 'blast_radius.unreached',
  message: '1 of 2 files that depend on the change are reached by no test or scenario that ran: src/server.js.',
  next: 'Nothing is to be done; a reviewer should look at these files.',
};
const STILL_RED: Finding = {
  code: 'reproduction.still_red',
  message: `Scenario S012 (${TEST}) is still red on the fix: "TypeError: ${MESSAGE}".`,
  next: 'Correct the source change until the reproduction is green.',
};

const ALERT = 'orders: share of 500 answers above 5 %';

/** In its second round and at the second attempt; weak, with cases that fail anyway, overlapping with another one. */
export function doubtful(): ProposalFacts {
  const facts = proven();
  return {
    ...facts,
    record: { ...facts.record, round: 2, count: 41, source: 'alertmanager', severity: 'high', error: ALERT },
    event: { ...facts.event, type: '', message: ALERT, line: undefined, frames: [] },
    chain: {
      frames: [{ file: 'src/tenant-context.js', line: undefined, function: undefined, code: undefined }],
      leftOut: 0,
    },
    diagnosis: facts.diagnosis && {
      ...facts.diagnosis,
      affected_files: ['src/tenant-context.js', 'src/http-error.js'],
      widened: [{ files: ['src/http-error.js'], reason: 'the answer needs a status that HttpError does not know yet' }],
    },
    verification: {
      ...verification({
        reproduction: check('warn', PROOF, [WEAK]),
        scenarios: check('warn', suite('node --test', 20, 2), [FAILING]),
        blast_radius: check('warn', [], [UNREACHED]),
      }),
      criteria: [
        { id: 'gate', met: true, found: 'the gate says pass' },
        { id: 'lint', met: true, found: 'no new warnings: `npm run lint` ended with exit code 0' },
      ],
    },
    needsPerson: [WEAK.message],
    tried: [
      {
        attempt: 1,
        phase: 'fix',
        failureModes: ['verification'],
        judged: [
          {
            verdict: 'fail',
            tree: WITH_TESTS,
            by: ['server', 'parent'],
            blocking: [{ check: 'reproduction', finding: STILL_RED }],
            unmet: [{ id: 'lint', found: '`npm run lint` ended with exit code 1:\n2 warnings' }],
          },
        ],
        denied: [{ rule: 'scope.outside_scope', times: 2 }],
      },
      {
        attempt: 2,
        phase: 'fix',
        failureModes: [],
        judged: [{ verdict: 'pass', tree: TREE, by: ['parent'], blocking: [] }],
        denied: [],
      },
    ],
    earlierRounds: [
      { round: 1, ended: 'rejected', who: 'person:ada', why: 'hides the error instead of answering 401' },
    ],
    related: [
      {
        url: 'https://github.com/acme/orders/pull/77',
        title: 'Rework sessions (fixes #70)',
        state: 'open',
        why: 'same files',
        files: ['src/tenant-context.js'],
      },
    ],
    warnings: ['origin did not answer in 30 s; the base is what was fetched last.'],
    lesson: undefined,
  };
}

const FORBIDDEN: Finding = {
  code: 'guardrails.forbidden_path',
  message: 'migrations/7.sql is a forbidden path (**/migrations/**).',
  file: 'migrations/7.sql',
  next: 'Hand over with escalate.',
  lift: 'guardrails: { forbidden_paths: ["**/.env"] }  # in .self-healing/config.yaml',
};

/** Refused in the third attempt, the second came closest. */
export function handedOver(): EscalationFacts {
  const { branch: _, commit: __, title: ___, summary: ____, lesson: _____, ...facts } = proven();
  const other = 'c'.repeat(40);
  return {
    ...facts,
    web: undefined,
    verification: verification(
      {
        reproduction: check(
          'fail',
          [...runs(3, 'base_tests', RED, { tail: TAIL }), ...runs(3, 'fix', RED)],
          [STILL_RED],
        ),
      },
      'fail',
    ),
    tried: [
      { attempt: 1, phase: 'diagnosis', failureModes: [], judged: [], denied: [] },
      { attempt: 1, phase: 'fix', failureModes: ['transient', 'silence'], judged: [], denied: [] },
      {
        attempt: 2,
        phase: 'fix',
        failureModes: ['verification'],
        judged: [
          {
            verdict: 'fail',
            tree: TREE,
            by: ['server', 'parent'],
            blocking: [{ check: 'reproduction', finding: STILL_RED }],
          },
        ],
        denied: [],
      },
      {
        attempt: 3,
        phase: 'fix',
        failureModes: ['refused'],
        judged: [
          {
            verdict: 'refuse',
            tree: other,
            by: ['parent'],
            blocking: [
              { check: 'guardrails', finding: FORBIDDEN },
              { check: 'reproduction', finding: STILL_RED },
            ],
          },
        ],
        denied: [{ rule: 'scope.forbidden_path', times: 3 }],
      },
    ],
    plan: [
      { position: 1, title: 'the reproduction', state: 'done', why: 'What can be judged of it holds.', diff: '' },
      {
        position: 2,
        title: 'sessions in the database',
        state: 'failed',
        why: 'refused: [guardrails.forbidden_path] migrations/7.sql is a forbidden path (**/migrations/**).',
        diff: 'diff --git a/migrations/7.sql b/migrations/7.sql\n+ALTER TABLE sessions ADD tenant text;\n',
      },
      {
        position: 3,
        title: 'read them | cache',
        state: 'skipped',
        why: 'It depends on "sessions in the database", which is not done.',
        diff: '',
      },
    ],
    by: 'heal',
    failureMode: 'refused',
    reason: 'The gate refused the change.\nguardrails.forbidden_path: migrations/7.sql is a forbidden path.',
    needs: 'A decision whether sessions may be kept in the database; the agent may not write migrations.',
    attempts: 3,
    patch: facts.sourceDiff,
    saved: `/home/ada/.local/state/self-healing/0123456789abcdef/saved/${INCIDENT}-1-2026-11-20T16-52-00-000Z.patch`,
    draft: `hotfix/auto-${FINGERPRINT}-draft-1`,
  };
}
