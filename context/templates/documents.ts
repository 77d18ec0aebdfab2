/** The first documents of the living context: empty, with an example of each entry in comments. */
import { renderInline } from '../edit/render.ts';
import type { DraftInvariant } from '../init/draft-invariants.ts';
import type { TestScenario, TriedCheck } from '../init/proposals.ts';
import { schemaComment } from '../schemas/schema-comment.ts';

/** Behind a `#`: other people's words must not end the comment. */
function onOneLine(words: string): string {
  return words.replace(/\s+/g, ' ').trim().slice(0, 200);
}

function text(...lines: string[]): string {
  return `${lines.join('\n')}\n`;
}

const numbered = (prefix: string, number: number) => `${prefix}${String(number).padStart(3, '0')}`;

/** Checks that the project has already (its linter, its type checker) become scenarios; none is invented. */
export function scenariosTemplate(checks: readonly TriedCheck[]): string {
  const entries = checks.flatMap(({ name, command, why, red }, index) => [
    `  - id: ${numbered('S', index + 1)}`,
    `    name: ${renderInline(name)}`,
    '    kind: check   # judged by exit code and diagnostics',
    `    why: ${renderInline(why)}`,
    `    test_command: ${renderInline(command)}`,
    ...(red === undefined
      ? []
      : [`    proposed: true   # no force: it was not green when init tried it. ${onOneLine(red)}`]),
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

/** A test file that exists, as a document of its own; `number` is that of its scenario. */
export function testScenarioTemplate(test: TestScenario, number: number): string {
  const { module, file, files, name, command } = test;
  return text(
    schemaComment('scenarios'),
    `# From ${file}, which init ran alone and found green.`,
    '# It is a fact and has force: S000 runs it as well, and this says which files it is about. Only a person can say why a',
    '# break hurts: fill in why, and constraint where there is one.',
    'version: "1.0"',
    `module: ${renderInline(module)}`,
    `files: ${renderInline(files)}`,
    'scenarios:',
    `  - id: ${numbered('S', number)}`,
    `    name: ${renderInline(name)}`,
    '    # why: what it costs when this breaks',
    '    # constraint: what a fix may not change about it',
    `    test_command: ${renderInline(command)}`,
  );
}

export function invariantsTemplate(drafts: readonly DraftInvariant[] = []): string {
  const entries = drafts.flatMap(({ rule, severity, category, files, check, why }, index) => [
    `  - id: ${numbered('INV-', index + 1)}   # ${onOneLine(why)}`,
    `    rule: ${renderInline(rule)}`,
    `    severity: ${severity}`,
    `    category: ${category}`,
    `    files: ${renderInline(files)}`,
    `    check: ${renderInline(check)}`,
    '    proposed: true',
  ]);
  return text(
    schemaComment('invariants'),
    '# Rules that no fix may break. critical: the fix is refused and handed over; warning: it is reported. A check is one',
    '# of command, pattern, unchanged; a rule in prose is reported as unproven.',
    ...(drafts.length > 0
      ? ['# Those with proposed: true hold today and have no force: remove the line to make one count, or the entry.']
      : []),
    'version: "1.0"',
    'invariants:',
    ...entries,
    '  # - id: INV-101',
    '  #   rule: a balance is never negative',
    '  #   severity: critical',
    '  #   category: business-rule',
    '  #   files: ["src/payment/**"]',
    '  #   check:',
    '  #     command: npm run check:balance',
    '  # - id: INV-102',
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
