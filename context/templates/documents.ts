/** The first documents of the living context: empty, with an example of each entry in comments. */
import type { DetectedCheck } from '../detect/checks.ts';
import { renderInline } from '../edit/render.ts';
import { schemaComment } from '../schemas/schema-comment.ts';

function text(...lines: string[]): string {
  return `${lines.join('\n')}\n`;
}

/** Checks that the project has already (its linter, its type checker) become scenarios; none is invented. */
export function scenariosTemplate(checks: readonly DetectedCheck[]): string {
  const entries = checks.flatMap(({ name, command, why }, index) => [
    `  - id: S${String(index + 1).padStart(3, '0')}`,
    `    name: ${renderInline(name)}`,
    '    kind: check   # judged by exit code and diagnostics',
    `    why: ${renderInline(why)}`,
    `    test_command: ${renderInline(command)}`,
  ]);
  return text(
    schemaComment('scenarios'),
    '# What must keep working. Every scenario runs before a fix is offered; one that nothing executes is listed as',
    '# unproven. The whole test command of config.yaml is the built-in scenario S000. One file per part of the code:',
    '# copy this one, name its module, and its files.',
    'version: "1.0"',
    'module: project',
    '# files: ["src/auth/**"]   # What the scenarios below are about',
    'scenarios:',
    ...entries,
    '  # - id: S100',
    '  #   name: five failures lock the account',
    '  #   input: { attempts: 5 }',
    '  #   expected: { status: 423, locked: true }',
    '  #   why: brute-force protection',
    '  #   constraint: the threshold 5 is fixed',
    '  #   tags: [security]',
    '  #   test_command: npx vitest run test/auth.test.ts -t "locks"',
  );
}

export function invariantsTemplate(): string {
  return text(
    schemaComment('invariants'),
    '# Rules that no fix may break. critical: the fix is refused and handed over; warning: it is reported. A check is one',
    '# of command, pattern, unchanged; a rule in prose is reported as unproven.',
    'version: "1.0"',
    'invariants:',
    '  # - id: INV-001',
    '  #   rule: a balance is never negative',
    '  #   severity: critical',
    '  #   category: business-rule',
    '  #   files: ["src/payment/**"]',
    '  #   check:',
    '  #     command: npm run check:balance',
    '  # - id: INV-002',
    '  #   rule: released migrations do not change',
    '  #   severity: critical',
    '  #   check:',
    '  #     unchanged: { paths: ["migrations/**"] }',
  );
}

export function impactMapTemplate(): string {
  return text(
    schemaComment('impact-map'),
    '# What the code cannot show: dependencies over HTTP, queues or a database, and where a mistake costs more. The graph',
    '# of imports is computed and not written here.',
    'version: "1.0"',
    'edges:',
    '  # - { from: web/checkout.ts, to: services/pay/api.py, why: calls POST /charge }',
    'risk:',
    '  # - { files: ["src/billing/**"], level: high, why: money }',
  );
}

export function incidentsTemplate(): string {
  return text(
    schemaComment('incidents'),
    '# What broke before and what was learned. Anti-patterns with a match are looked for in every fix.',
    'version: "1.0"',
    'incidents:',
    '  # - id: INC-1a2b3c4d5e6f7890',
    '  #   date: 2026-11-20',
    '  #   error: "TypeError: Cannot read properties of undefined (reading \'tenantId\')"',
    '  #   files: [src/tenant.ts]',
    '  #   root_cause: the lookup answers undefined for a tenant that was deleted',
    '  #   fix: answer 404 where the tenant is looked up',
    '  #   lesson: a lookup may always find nothing',
    '  #   anti_pattern:',
    '  #     description: catching and ignoring the lookup error',
    '  #     match: { regex: "catch \\\\{\\\\s*\\\\}" }',
  );
}
