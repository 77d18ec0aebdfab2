/** Runs that heal an incident with the product's tools, and long ordinary sessions. */
import type { Pattern } from './pattern.ts';
import { ALL_CASES, type Case, SUBJECTS } from './project.ts';
import type { Run } from './run.ts';

const SERVER = 'mcp__plugin_self-healing_living-context__';

function incident(run: Run): string {
  return `INC-${run.chance.hex(16)}`;
}

function start(run: Run, id: string): void {
  run.call(
    `${SERVER}start_fix`,
    { incident: id },
    JSON.stringify({
      worktree: run.project.root,
      branch: `hotfix/auto-${id.slice(4)}`,
      base_commit: run.chance.hex(40),
      context: '## Self-Healing Context',
    }),
  );
}

function diagnose(run: Run, id: string, files: readonly string[]): void {
  run.call(
    `${SERVER}record_diagnosis`,
    {
      incident: id,
      root_cause: 'the value is read before it is set',
      failure_type: 'runtime_error',
      affected_files: files,
      confidence: 0.9,
      reasoning: 'the stack and the last change agree',
    },
    JSON.stringify({ autonomy: 'fix' }),
  );
}

function verdict(findings: readonly string[], seconds: number): string {
  return JSON.stringify({
    verdict: findings.length === 0 ? 'pass' : 'fail',
    iteration: 1,
    checks: {
      scenarios: {
        status: findings.length === 0 ? 'pass' : 'fail',
        findings: findings.map((code) => ({ code, message: `${code} failed`, next: 'Fix it and verify again.' })),
      },
    },
    seconds,
  });
}

const heal: Pattern = {
  name: 'heal-an-incident',
  near: 'loop.thrash',
  variants: 5,
  healing: true,
  write(run) {
    const { project } = run;
    const id = incident(run);
    const [one] = ALL_CASES.slice(run.variant * 2);
    if (one === undefined) return;
    const file = project.source(one.subject);
    start(run, id);
    run.call(
      `${SERVER}get_impact`,
      { files: [file] },
      JSON.stringify({
        files: { [file]: { direct: 3, transitive: 7, risk: { level: 'medium', reasons: ['7 dependents'] } } },
      }),
    );
    run.bash(`git grep -n '${one.subject}' -- . | head -20`, `${file}:14: ${one.subject}`);
    run.bash(`git log -3 --format=%h -- ${file}`, run.chance.hex(7));
    run.read(file);
    diagnose(run, id, [file]);
    run.edit(project.test(one.subject));
    run.test([one], 9, project.testOne(one.subject));
    run.edit(file);
    run.test([], 10, project.testOne(one.subject));
    for (const findings of [['scenarios.failed', 'blast_radius.uncovered'], ['blast_radius.uncovered'], []]) {
      run.call(`${SERVER}verify_fix`, { incident: id }, verdict(findings, run.chance.number(9, 40)));
      if (findings.length > 0) run.edit(findings.length === 2 ? file : project.test(one.subject));
    }
    run.call(
      `${SERVER}propose_pr`,
      { incident: id, title: `Keep ${one.subject} right`, summary: 'one line' },
      JSON.stringify({ status: 'awaiting_approval' }),
    );
  },
};

const diagnoseOnly: Pattern = {
  name: 'diagnose-only',
  near: 'loop.similar',
  variants: 4,
  healing: true,
  write(run) {
    const { project, chance } = run;
    const id = incident(run);
    start(run, id);
    for (const subject of SUBJECTS.slice(run.variant, run.variant + 5)) {
      const file = project.source(subject);
      run.bash(`git grep -n 'total' -- ${file}`, `${file}:12: total\n${file}:19: return total`);
      run.bash(`git blame -L 10,14 -- ${file}`, `${chance.hex(8)} (Ada 2026-02-1${chance.number(0, 9)} 10) total`);
      run.bash(`sed -n '1,40p' ${file}`, Array.from({ length: 9 }, (_, at) => project.line(file, at + 1)).join('\n'));
    }
    run.bash(`git show --stat ${chance.hex(7)}`, ' 1 file changed, 2 insertions(+), 1 deletion(-)');
    diagnose(run, id, [project.source(SUBJECTS[run.variant] ?? 'price')]);
  },
};

const wideCommands: Pattern = {
  name: 'plain-commands-in-the-worktree',
  near: 'loop.similar',
  variants: 5,
  healing: true,
  write(run) {
    const { project } = run;
    const id = incident(run);
    const file = project.source('stock');
    start(run, id);
    diagnose(run, id, [file]);
    run.bash('git status --short && git diff --stat', '');
    run.bash(`cat ${file} | head -n 40 | grep -n 'return'`, '7:    return total');
    run.bash('find . -name "*.md" -not -path "./node_modules/*" | wc -l', '12');
    run.bash(`wc -l ${file} ${project.test('stock')}`, ` 80 ${file}\n 120 ${project.test('stock')}\n 200 total`);
    run.bash(`cp ${file} "$TMPDIR/before"`, '');
    run.edit(file);
    run.fails(`diff "$TMPDIR/before" ${file}`, '12c12\n< a\n---\n> b');
    run.bash(`sed -i 's/freee/free/' ${file}`, '');
    run.bash(`echo "checked" > /dev/null; ls -la | sort -k5 -n | tail -3`, '-rw-r--r-- 1 ada ada 812 README.md');
    run.test([], 10, `${project.testOne('stock')} 2>&1 | tail -n 40`);
    run.bash('git diff', `diff --git a/${file} b/${file}\n@@ -12 +12 @@\n-a\n+b`);
    run.bash('git add -A && git commit -qm "Keep stock above zero"', '');
  },
};

/** Work of all kinds, one piece after the other, 80 to 150 calls. */
const longSession: Pattern = {
  name: 'long-ordinary-session',
  near: 'loop.cycle',
  variants: 5,
  healing: true,
  write(run) {
    let passed = 30;
    while (run.lines.length < 80 + run.variant * 14) {
      const one = run.chance.pick(ALL_CASES);
      run.prompt(
        run.chance.pick([
          `Next: ${one.subject} ${one.does}.`,
          `Please look at ${one.subject}.`,
          `A customer says ${one.subject} is wrong.`,
        ]),
      );
      piece(run, one, passed);
      passed += 1;
      if (run.lines.length % 40 > 34) run.compact();
    }
    run.bash('git log --oneline -5', Array.from({ length: 5 }, () => `${run.chance.hex(7)} A step`).join('\n'));
  },
};

function piece(run: Run, one: Case, passed: number): void {
  const { project, chance } = run;
  const file = project.source(one.subject);
  run.bash(`git grep -n '${one.subject}' -- '${file}' | head -5`, `${file}:${chance.number(5, 60)}: ${one.subject}`);
  run.read(file, 1 + chance.number(0, 3) * 20);
  run.edit(project.test(one.subject));
  run.test([one], passed, project.testOne(one.subject));
  if (chance.number(0, 2) === 0) {
    run.edit(file);
    run.test([{ ...one, got: 'none' }], passed, project.testOne(one.subject));
  }
  run.edit(file);
  run.test([], passed + 1, project.testOne(one.subject));
  if (chance.number(0, 1) === 0) run.bash('git status --short', ` M ${file}\n M ${project.test(one.subject)}`);
  run.test([], passed + 1);
  run.bash(`git commit -qam "Let ${one.subject} be right: it ${one.does}"`, '');
  run.say(`${one.subject} is done.`);
}

export const SESSIONS: readonly Pattern[] = [heal, diagnoseOnly, wideCommands, longSession];
