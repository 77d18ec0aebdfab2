import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { reportError } from '../../healer/incidents/report-error.ts';
import { openWorkbench } from '../../healer/workbench.ts';
import { saveLink } from '../../store/links.ts';
import { saveLive } from '../../store/live.ts';
import { finishRun, insertRun, noteRunCost } from '../../store/runs.ts';
import { eventRow } from '../store/incidents.contract.ts';
import { write } from '../write.ts';
import { cli, cliInTerminal, git, LOG, repository, SHOP, scratch } from './program.ts';

/** A repository with one incident that is queued, or (with `ask`) waits for a person. */
async function withIncident(start: 'auto' | 'ask' = 'auto'): Promise<{ root: string; incident: string }> {
  const root = repository({ ...SHOP, '.self-healing/config.yaml': `version: "1.0"\napproval: { start: ${start} }\n` });
  const bench = await openWorkbench(root);
  try {
    const { incident } = await reportError(bench, { text: LOG });
    return { root, incident };
  } finally {
    await bench.close();
  }
}

describe('init', () => {
  it('writes what is missing, overwrites nothing, and what it wrote is in order', async () => {
    const root = repository({ ...SHOP, '.self-healing/invariants.yaml': 'version: "1.0"\ninvariants: []\n' });
    const { exit, stdout } = await cli(root, ['init', '--yes', '--ci', '--json']);
    expect(exit).toBe(0);
    const answer = JSON.parse(stdout);
    expect(answer.kept).toEqual(['.self-healing/invariants.yaml']);
    expect(answer.written).toEqual(
      expect.arrayContaining(['.self-healing/config.yaml', '.github/workflows/self-healing.yml']),
    );
    expect(answer.detected.testCommand).toBe('npm test');
    expect(readFileSync(join(root, '.self-healing', 'invariants.yaml'), 'utf8')).toBe(
      'version: "1.0"\ninvariants: []\n',
    );
    const lint = JSON.parse((await cli(root, ['context', 'lint', '--json'])).stdout);
    expect(lint.findings).toEqual([]);
  });

  it('asks on a terminal before it writes, and writes nothing without a yes', async () => {
    const root = repository(SHOP);
    const question = 'Which command runs all tests?';
    const ended = await cliInTerminal(root, ['init'], { reply: { to: question, keys: '\u0003' } }); // Ctrl-C
    expect(ended.stdout).toContain('Nothing was written.');
    expect(existsSync(join(root, '.self-healing', 'config.yaml'))).toBe(false);
  });
});

describe('the next step of init', () => {
  it('is to read and commit, or only to commit, or to correct what it could not read', async () => {
    const root = repository({ 'README.md': 'x\n' });
    const first = (await cli(root, ['init', '--yes'])).stdout;
    expect(first).toContain('Next: read them and commit');
    expect(first.match(/test command/g)).toHaveLength(1);
    expect((await cli(root, ['init', '--yes'])).stdout).toContain('Next: where it is not done yet, commit');
    write(root, { '.self-healing/config.yaml': 'version: "1.0"\ntests:\n  comand: npm test\n' });
    expect((await cli(root, ['init', '--yes'])).stdout).toContain('Next: correct what is named above');
  });
});

describe('the living context', () => {
  it('is told for files named from any folder', async () => {
    const root = repository(SHOP);
    const context = await cli(join(root, 'src'), ['context', 'price.js', '--json']);
    const value = JSON.parse(context.stdout);
    expect(value.scenarios.map((one: { id: string }) => one.id)).toEqual(['S001']);
    expect(value.text).toContain('- S001: prices double — WHY: that is the price');
    const impact = JSON.parse((await cli(join(root, 'src'), ['impact', 'price.js', '--json'])).stdout);
    expect(impact.files['src/price.js']).toMatchObject({ direct: ['src/order.js', 'test/price.test.js'] });
    expect(JSON.parse((await cli(root, ['impact', 'build', '--json'])).stdout)).toMatchObject({
      files: 3,
      edges: 2,
      languages: { 'TypeScript/JavaScript': 3 },
    });
  });

  it('warns where entries with errors are missing from it', async () => {
    const root = repository({ ...SHOP, '.self-healing/invariants.yaml': 'version: "1.0"\nrules: []\n' });
    const ended = await cli(root, ['context', 'src/price.js']);
    expect(ended).toMatchObject({ exit: 0, stderr: expect.stringContaining('invariants.yaml:2:1') });
    expect(ended.stdout).toContain('S001');
  });

  it('refuses a file outside of the repository', async () => {
    const ended = await cli(repository(SHOP), ['context', '/etc/passwd']);
    expect(ended.exit).toBe(2);
    expect(ended.stderr).toContain('/etc/passwd is outside the repository');
  });

  it('is linted with file, line and column', async () => {
    const root = repository({ '.self-healing/config.yaml': 'version: "1.0"\nguardrail: {}\n' });
    const { exit, stdout } = await cli(root, ['context', 'lint']);
    expect(exit).toBe(1);
    expect(stdout).toContain('.self-healing/config.yaml:2:1: ');
    expect(stdout).toContain('guardrails');
  });

  it('tells which files have no scenario, and ends with 0', async () => {
    const incident = '{id: INC-1, error: e, files: [src/order.js, src/price.js]}';
    const root = repository({ ...SHOP, '.self-healing/incidents.yaml': `incidents:\n  - ${incident}\n` });
    const { exit, stdout } = await cli(root, ['context', 'coverage', '--json']);
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      files: [{ file: 'src/order.js', reasons: ['1 past incident: INC-1'], tested: false }],
      counts: { covered: 1, uncovered: 1 },
      left_out: 0,
    });
    expect((await cli(root, ['context', 'coverage'])).stdout).toContain('1 of 2 files with incidents');
  });

  it('is linted for editors and CI: a line or an annotation each, and warnings fail only where they are asked to', async () => {
    const root = repository({
      '.self-healing/invariants.yaml': 'invariants:\n  - id: I1\n    rule: 100 % sure\n    severity: warning\n',
    });
    const line = '.self-healing/invariants.yaml:2:5: unproven: Invariant I1 is prose.';
    const people = await cli(root, ['context', 'lint']);
    expect(people).toMatchObject({ exit: 0, stdout: expect.stringContaining(line) });
    expect(people.stdout).toContain('self-healing: 0 errors, 1 warning');
    const annotated = await cli(root, ['context', 'lint', '--github', '--strict']);
    expect(annotated.exit).toBe(1);
    expect(annotated.stdout).toMatch(/^::warning file=\.self-healing\/invariants\.yaml,line=2,col=5,title=unproven::/);
  });
});

describe('scenarios run', () => {
  it('runs those that are chosen and counts their cases', async () => {
    const root = repository(SHOP);
    const { exit, stdout } = await cli(root, ['scenarios', 'run', '--file', 'src/price.js', '--json']);
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      scenarios: [{ id: 'S001', status: 'passed', counts: { passed: 1, failed: 0 } }],
      counts: { passed: 1 },
    });
  });

  it('answers 1 when one is red, with the failure in the JUnit report', async () => {
    const root = repository(SHOP);
    write(root, { 'src/price.js': 'export const price = (cents) => cents * 3;\n' });
    const { exit, stdout } = await cli(root, ['scenarios', 'run', '--id', 'S001', '--junit']);
    expect(exit).toBe(1);
    expect(stdout).toContain('<testsuite name="scenarios" tests="1" failures="1"');
    expect(stdout).toContain('classname="scenarios" name="S001"');
  });
});

describe('verify', () => {
  const CHANGE = { 'src/price.js': 'export const price = (cents) => cents + cents;\n' };

  it('judges what lies in the working tree against the merge base', async () => {
    const root = repository(SHOP);
    git(root, 'checkout', '-q', '-b', 'feature');
    write(root, CHANGE);
    const json = await cli(root, ['verify', '--json']);
    expect(json.exit).toBe(0);
    expect(JSON.parse(json.stdout)).toMatchObject({ verdict: 'pass', checks: { reproduction: { status: 'skipped' } } });
  });

  it('answers 1 when a scenario breaks and 4 when a rule is broken for good', async () => {
    const root = repository(SHOP);
    git(root, 'checkout', '-q', '-b', 'feature');
    write(root, { 'src/price.js': 'export const price = () => 0;\n' });
    const broken = await cli(root, ['verify', '--github']);
    expect(broken.exit).toBe(1);
    expect(broken.stdout).toMatch(/^::error /m);
    write(root, { '.husky/pre-push': 'true\n' });
    expect((await cli(root, ['verify'])).exit).toBe(4);
  });

  it('refuses a base that is none', async () => {
    const ended = await cli(repository(SHOP), ['verify', '--base', 'nowhere']);
    expect(ended.exit).toBe(2);
    expect(ended.stderr).toContain('"nowhere" does not name a commit');
  });
});

describe('the queue from a terminal', () => {
  it('lists, shows and counts', async () => {
    const { root, incident } = await withIncident();
    const list = JSON.parse((await cli(root, ['incidents', '--status', 'queued', '--json'])).stdout);
    expect(list.incidents).toMatchObject([
      { incident, status: 'queued', files: expect.arrayContaining(['src/price.js']) },
    ]);
    const show = await cli(root, ['show', incident]);
    expect(show.stdout).toContain("TypeError: Cannot read properties of undefined (reading 'cents')");
    expect(Math.max(...show.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(JSON.parse((await cli(root, ['show', incident.slice(4), '--json'])).stdout)).toMatchObject({
      incident,
      transitions: expect.arrayContaining([expect.objectContaining({ to: 'queued' })]),
      possible: ['cancel'],
    });
    const { stdout } = await cli(root, ['status']);
    expect(stdout).toContain('1 queued');
    expect(stdout).toContain('`self-healing heal INCIDENT` takes up');
  });

  it.each(['approve', 'skip', 'retry', 'mute'])('leaves `%s` to a person at a terminal', async (name) => {
    const { root, incident } = await withIncident('ask');
    const piped = await cli(root, [name, incident]);
    expect(piped.exit).toBe(2);
    expect(piped.stderr).toContain('needs a terminal');
    const agent = await cliInTerminal(root, [name, incident], { env: { CLAUDECODE: '1' } });
    expect(agent.exit).toBe(2);
    expect(agent.stdout).toContain('runs under Claude Code');
    expect((await cli(root, ['status', '--json'])).stdout).toContain('"awaiting_start": 1');
  });

  it('approves, skips and takes back what waits', async () => {
    const { root, incident } = await withIncident('ask');
    const skipped = await cliInTerminal(root, ['skip', incident]);
    expect(skipped).toMatchObject({ exit: 0 });
    const again = await cliInTerminal(root, ['retry', incident]);
    expect(again.stdout).toContain(`self-healing heal ${incident}`);
    const wrong = await cliInTerminal(root, ['approve', incident]);
    expect(wrong.exit).toBe(2);
    expect(wrong.stdout).toContain(`You cannot approve ${incident}: it is queued.`);
    expect((await cli(root, ['cancel', incident, '--json'])).stdout).toContain('"cancelled"');
    expect((await cli(root, ['reject', incident])).stderr).toContain('--reason');
  });

  it('shows what waits for which other incident and why, and lets a person start it', async () => {
    const { root, incident } = await withIncident();
    const other = 'INC-bbbbbbbbbbbbbbbb';
    const bench = await openWorkbench(root);
    try {
      await bench.incidents.record(eventRow({ fingerprint: other.slice(4), message: 'the other one' }));
      await bench.incidents.transition({ incident: other, to: 'detected', who: 'test', why: '' });
      const link = {
        incident: other,
        round: 1,
        root: incident,
        kind: 'cause',
        why: 'both could not reach db:5432',
      } as const;
      saveLink(bench.db, { ...link, at: '2026-11-20T10:00:00Z', until: '2026-11-21T10:00:00Z' });
    } finally {
      await bench.close();
    }
    const said = async (...args: string[]) => (await cli(root, args)).stdout.replace(/\s+/g, ' ');
    const show = await said('show', other);
    for (const part of [incident, 'both could not reach db:5432', `self-healing approve ${other}`])
      expect(show).toContain(part);
    expect(await said('show', incident)).toContain(`${other} (detected): both could not reach`);
    expect(await said('incidents')).toContain(`(waits for ${incident})`);
    expect(JSON.parse((await cli(root, ['status', '--json'])).stdout).waiting).toMatchObject([
      { incident: other, waits_for: incident },
    ]);
    expect(await said('status')).toContain('Waits for another that probably explains it');
    expect(await cliInTerminal(root, ['approve', other])).toMatchObject({ exit: 0 });
    expect(JSON.parse((await cli(root, ['show', other, '--json'])).stdout)).toMatchObject({
      status: 'queued',
      waits_for: null,
    });
  });

  it('has a kill switch', async () => {
    const { root, incident } = await withIncident();
    await cli(root, ['pause']);
    expect((await cli(root, ['status'])).stdout).toContain('Paused');
    const heal = await cli(root, ['heal', incident]);
    expect(heal.exit).toBe(2);
    await cli(root, ['resume']);
    expect((await cli(root, ['status'])).stdout).not.toContain('Paused');
  });
});

it('says that the whole queue waits, why and until when, and `resume` ends it', async () => {
  const { root } = await withIncident();
  const until = '2999-01-01T00:00:00.000Z';
  const bench = await openWorkbench(root, { env: {} });
  const since = new Date().toISOString();
  await bench.incidents.setBackOff({ why: 'the API says 429', next: '', incident: 'INC-1', times: 9, since, until });
  await bench.close();
  expect((await cli(root, ['status'])).stdout.replaceAll(/\s+/g, ' ')).toContain(
    `Nothing new is started until ${until}: the API says 429. \`self-healing resume\` goes on at once.`,
  );
  expect(JSON.parse((await cli(root, ['status', '--json'])).stdout)).toMatchObject({
    queue: { next: [expect.stringMatching(/^INC-/)], standing_still: { by: 'back_off', until } },
  });
  expect((await cli(root, ['resume'])).exit).toBe(0);
  expect(JSON.parse((await cli(root, ['status', '--json'])).stdout).queue.standing_still).toBe(null);
});

it('tells what is being healed, and what a cost rests on', async () => {
  const { root, incident } = await withIncident();
  const bench = await openWorkbench(root, { env: {} });
  await bench.incidents.transition({ incident, to: 'healing', who: 'heal', why: '' });
  const at = new Date().toISOString();
  insertRun(bench.db, { id: 'r1', incident, round: 1, attempt: 1, phase: 'diagnosis', started_at: at });
  const tokens = {
    cost_usd: 0.5,
    cost_basis: 'subscription',
    input_tokens: 1000,
    output_tokens: 20,
    turns: 3,
  } as const;
  finishRun(bench.db, 'r1', { ended_at: at, failure_mode: null, exit: 0, terminal_reason: 'completed', ...tokens });
  insertRun(bench.db, { id: 'r2', incident, round: 1, attempt: 1, phase: 'fix', started_at: at });
  noteRunCost(bench.db, 'r2', 0.25);
  saveLive(bench.db, { incident, phase: 'agent', doing: 'Bash npm test', since: at });
  await bench.close();
  const status = (await cli(root, ['status'])).stdout;
  expect(status).toMatch(/INC-\w+ +fix 1 +\d+ s +≈\$0\.75 +Bash npm test \(for/);
  expect(JSON.parse((await cli(root, ['status', '--json'])).stdout).queue.running).toMatchObject([
    {
      incident,
      round: 1,
      phase: 'fix',
      attempt: 1,
      since: at,
      doing: 'Bash npm test',
      doing_since: at,
      cost_usd: 0.75,
    },
  ]);
  const show = (await cli(root, ['show', incident])).stdout;
  expect(show).toMatch(/diagnosis 1 +ended well .*3 turns +1000 \+ 20 tokens +about/);
  expect(show.replace(/\s+/g, ' ')).toContain('$0.50 at API prices, paid by a subscription');
  expect(show.replace(/\s+/g, ' ')).toContain('about $0.25 (estimated)');
  expect(show).toMatch(/fix 1 +not ended .*about \$0\.25/);
});

it('says that rejections in a row have stopped everything, and takes `resume` from a person alone', async () => {
  const { root, incident } = await withIncident();
  write(root, { '.self-healing/config.yaml': 'version: "1.0"\nbudget: { stop_after_rejections: 1 }\n' });
  const bench = await openWorkbench(root, { env: {} });
  for (const to of ['healing', 'verified', 'awaiting_publish', 'rejected'] as const)
    await bench.incidents.transition({ incident, to, who: 'person:ada', why: 'no' });
  await bench.close();
  const still = async () => JSON.parse((await cli(root, ['status', '--json'])).stdout).queue.standing_still;
  expect(await still()).toMatchObject({ by: 'rejections', until: null });
  expect((await cli(root, ['status'])).stdout).toContain('Nothing new is started: the last proposal was rejected');
  expect(await cli(root, ['resume'])).toMatchObject({ exit: 2 });
  expect(await still()).toMatchObject({ by: 'rejections' });
  expect(await cliInTerminal(root, ['resume'])).toMatchObject({ exit: 0 });
  expect(await still()).toBe(null);
});

describe('doctor', () => {
  it('says what is there and what is missing', async () => {
    const root = repository(SHOP);
    const { exit, stdout } = await cli(root, ['doctor', '--json'], { env: { PATH: pathWithout('claude') } });
    expect(exit).toBe(1);
    const { ok, checks } = JSON.parse(stdout);
    expect(ok).toBe(false);
    const status = Object.fromEntries(checks.map((one: { name: string; status: string }) => [one.name, one.status]));
    expect(status).toMatchObject({
      node: 'ok',
      sqlite: 'ok',
      git: 'ok',
      repository: 'ok',
      tests: 'ok',
      claude: 'fail',
    });
    expect(stdout).toContain('the client `claude` was not found on PATH');
    expect(stdout).toContain('npm install -g @anthropic-ai/claude-code');
  });

  it('keeps its rows inside a terminal, each going on below itself', async () => {
    const root = repository({ 'README.md': 'x' });
    const { exit, stdout } = await cliInTerminal(root, ['doctor'], { env: { PATH: pathWithout('claude') } });
    const lines = stripVTControlCharacters(stdout).split(/\r?\n/);
    expect(lines).toContain('warn  tests       no test command was found: a fix is proven by its own');
    expect(lines).toContain('                  reproduction and scenarios alone');
    const paths = (line: string) => /^\s*(\w+ +\w+ +)?\S*\//.test(line);
    expect(lines.filter((line) => line.length > 80 && !paths(line))).toEqual([]);
    expect(lines).toContain('Not ready: see above.');
    expect(exit).toBe(1);
  });

  it('names what cannot be read once', async () => {
    const folder = join(scratch, 'nothing here');
    write(folder, { 'a.txt': 'x' });
    const env = { PATH: pathWithout('claude') };
    expect((await cli(folder, ['doctor'], { env })).stdout.match(/not inside a git repository/g)).toHaveLength(1);
    const root = repository({ ...SHOP, '.self-healing/config.yaml': 'version: "1.0"\ntests: { comand: x }\n' });
    expect((await cli(root, ['doctor'], { env })).stdout.match(/Unknown key/g)).toHaveLength(1);
  });
});

describe('fingerprint and normalize', () => {
  it('give a line the same fingerprint however its numbers and times change', async () => {
    const lines = '2026-11-20 ERROR order 17 failed\n2027-01-01 ERROR order 99 failed\r\nother\n';
    const { stdout } = await cli(repository(), ['fingerprint', '-'], { input: lines });
    const [first, second, third, ...rest] = stdout.split('\n').map((line) => line.split('\t')[0]);
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
    expect(rest).toEqual(['']);
    const json = await cli(repository(), ['fingerprint', '--json'], { input: 'order 17 failed\n' });
    expect(JSON.parse(json.stdout)).toEqual({ fingerprint: expect.any(String), template: 'order <*> failed' });
  });

  it('print events of a log, one per line, mapped to the repository; noise prints nothing', async () => {
    const root = repository(SHOP);
    write(root, { 'app.log': `started\n${LOG}` });
    const { stdout } = await cli(root, ['normalize', '--source', 'log', 'app.log']);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([{ type: 'TypeError', file: 'src/price.js', line: 1, source: 'log', actionable: true }]);
    const noise = await cli(root, ['normalize', '--source', 'log'], { input: 'INFO listening on 8080\n' });
    expect(noise).toEqual({ exit: 0, stdout: '', stderr: '' });
  });
});

function pathWithout(program: string): string {
  return (process.env.PATH ?? '')
    .split(':')
    .filter((folder) => !existsSync(join(folder, program)))
    .join(':');
}
