import { describe, expect, it } from 'vitest';
import { mayChangeFiles } from '../../../hooks/trace/may-change.ts';
import { bash, call } from './calls.ts';

const OURS = 'mcp__plugin_self-healing_living-context__';

describe('only reads', () => {
  it.each([
    'cat a.ts',
    'sed -n "1,50p" a.ts | head -20',
    "sed -n '/start/,/end/p;$p' a.ts",
    "sed -n -e '3p' -e '9,$p' a.ts",
    "sed '/^#/d' a.ts",
    'grep -rn "x" src 2>/dev/null || true',
    'git log --oneline -5 && git diff HEAD~1 -- src',
    'git --no-pager show HEAD:a.ts',
    'find . -name "*.ts" -not -path "./node_modules/*" | sort | uniq -c | wc -l',
    'cd src && ls -la && pwd',
    'for f in a b; do cat "$f"; done',
    'rg -n "a|b" --type ts',
    'jq .name package.json 2>&1',
    'sleep 5; tail -20 out.log',
    'echo "$(cat a.ts)"',
  ])('%s', (command) => expect(mayChangeFiles(bash(command))).toBe(false));

  it.each(['Read', 'Grep', 'Glob', 'WebFetch', `${OURS}verify_fix`, `${OURS}get_context`, `${OURS}record_diagnosis`])(
    '%s',
    (tool) => expect(mayChangeFiles(call(tool, {}))).toBe(false),
  );
});

describe('may change', () => {
  it.each([
    'npm test',
    'cat a.ts > b.ts',
    'echo x >> a.ts',
    'cat a | tee b',
    'sed -i s/a/b/ a.ts',
    'sed -n -i p a.ts',
    "sed -n 'wout' a.ts",
    "sed -n -e 1p -e 'w out' a.ts",
    "sed -n '1e touch x' a.ts",
    "sed -n 's/a/b/w out' a.ts",
    'sed s/a/b/ a.ts --in-place',
    'find . -name "*.o" -delete',
    'find . -exec rm {} ;',
    'sort -o a.ts a.ts',
    'uniq a.ts b.ts',
    'git checkout -- a.ts',
    'git stash',
    'git diff --output=a.patch',
    'git -c core.pager="sh x" log',
    'GIT_EXTERNAL_DIFF=./x git diff',
    'PAGER=./x git log',
    'rg --pre ./x a',
    'cat a; rm b',
    'echo "$(rm b)"',
    'cat <(touch x)',
    '$COMMAND a.ts',
    'eval "cat a"',
    'bash -c "cat a"',
    'xargs cat',
    "cat 'unclosed",
    'date -s 2020-01-01',
  ])('%s', (command) => expect(mayChangeFiles(bash(command))).toBe(true));

  it.each([
    'Edit',
    'Write',
    'NotebookEdit',
    'Agent',
    'mcp__other__get_context',
    `${OURS}edit_context`,
    `${OURS}start_fix`,
  ])('%s', (tool) => expect(mayChangeFiles(call(tool, {}))).toBe(true));

  it('a command that is none', () => expect(mayChangeFiles(call('Bash', { command: 7 }))).toBe(true));
});
