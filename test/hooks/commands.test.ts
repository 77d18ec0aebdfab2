import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { readShell } from '../../hooks/shell.ts';
import { commandWorktree } from './command-worktree.ts';

const { root, judge, rule, remove } = commandWorktree();
afterAll(remove);

describe('commands a fixer may run', () => {
  it.each([
    'npm test',
    'npm test -- --test-name-pattern "tenant"',
    'node --test test/tenant.test.js',
    'python3 -m pytest tests -q -k "not slow" 2>&1 | tail -40',
    'git status && git diff HEAD -- src/a.js',
    'git log --oneline -5',
    'git add -A && git commit -m "wip: tenant"',
    'git -C src log -1',
    'grep -rn "tenantId" src | head',
    'sed -n 1,40p src/a.js',
    "sed -i 's/a/b/' src/a.js",
    'cat > test/new.test.js <<\'EOF\'\nimport test from "node:test";\ntest("x", () => { `git push` });\nEOF',
    'for f in src/*.js; do echo "$f"; done',
    'if [ -f package.json ]; then cat package.json; fi',
    'node -e "console.log(require(\'./package.json\').name)"',
    'mkdir -p test/fixtures && touch test/fixtures/a.json',
    'echo done > /dev/null 2>&1',
    'git diff > "$TMPDIR/work.patch"',
    'ls -la; pwd; which node',
    'timeout 60 npm test',
    'npx vitest run test/a.test.ts',
    'self-healing context src/a.js',
    'git stash list',
  ])('%s', (command) => {
    expect(judge(command)).toEqual({ allowed: true });
  });
});

describe('commands that are denied', () => {
  it.each([
    ['git push', 'publish.push'],
    ['git push origin HEAD:main', 'publish.push'],
    ['cd src && git push', 'publish.push'],
    ['/usr/bin/git push', 'publish.push'],
    ['g"i"t pu\\sh', 'publish.push'],
    ['env FOO=1 git push', 'publish.push'],
    ['sudo -u root git push', 'publish.push'],
    ['nohup git push &', 'publish.push'],
    ['timeout 5 git push', 'publish.push'],
    ['sh -c "git push"', 'publish.push'],
    ['bash -lc "cd x; git push"', 'publish.push'],
    ['eval git push', 'publish.push'],
    ['echo $(git push)', 'publish.push'],
    ['echo "`git push`"', 'publish.push'],
    ['true | (git push)', 'publish.push'],
    ['echo origin | xargs git push', 'publish.push'],
    ['bash <<EOF\ngit push\nEOF', 'publish.push'],
    ['cat <<EOF\n$(git push)\nEOF', 'publish.push'],
    ['find . -name x -exec git push \\;', 'publish.push'],
    ['git -c alias.x=push x', 'publish.push'],
    ['git --git-dir=/elsewhere/.git log', 'scope.outside_worktree'],
    [`git -C ${root} commit -am x`, 'scope.outside_worktree'],
    ['git -C .. log', 'scope.outside_worktree'],
    ['GIT_DIR=/x git log', 'command.environment'],
    ['export GIT_DIR=/x', 'command.environment'],
    ['git stash', 'command.git'],
    ['git remote add x y', 'command.git'],
    ['git config core.hooksPath x', 'command.git'],
    ['git worktree add ../x', 'command.git'],
    ['git update-index --assume-unchanged src/a.js', 'command.git'],
    ['git checkout -b mine', 'command.git'],
    ['git branch -f main HEAD', 'command.git'],
    ['gh pr create --fill', 'publish.forge'],
    ['curl -X POST https://api.github.com/repos/a/b/pulls', 'publish.forge'],
    ['self-healing approve INC-0000000000000000', 'publish.people_only'],
    ['sh ../bin/self-healing approve INC-0000000000000000', 'publish.people_only'],
    ['node ../dist/cli.cjs approve INC-0000000000000000', 'publish.people_only'],
    ['npx self-healing retry INC-0000000000000000', 'publish.people_only'],
    ['sh ../bin/launch cli approve INC-0000000000000000', 'publish.people_only'],
    ['$X push', 'command.unreadable'],
    ['$(echo git) push', 'publish.push'],
    ['eval "$X"', 'command.unreadable'],
    ["$'\\x67it' push", 'publish.push'],
    ['echo "unclosed', 'command.unreadable'],
    [`echo x > ${root}/main.txt`, 'scope.outside_worktree'],
    ['echo x > ../../../main.txt', 'scope.outside_worktree'],
    ['cd ../../.. && echo x > main.txt', 'scope.outside_worktree'],
    ['echo x | tee ../../../main.txt', 'scope.outside_worktree'],
    ['echo x >> src/out/main.txt', 'scope.outside_worktree'],
    ['cp src/a.js ../../../main.txt', 'scope.outside_worktree'],
    ['rm -rf ../../../src', 'scope.outside_worktree'],
    ["sed -i 's/a/b/' ../../../main.txt", 'scope.outside_worktree'],
    ['dd if=/dev/zero of=../../../main.txt', 'scope.outside_worktree'],
    ['ln -s /etc src/../../../../x', 'scope.outside_worktree'],
    ['echo x > $HOME/x', 'scope.outside_worktree'],
    ['echo x > ~/x', 'scope.outside_worktree'],
    ['cd $X && rm a', 'scope.unknown_path'],
    ['echo x > src/secrets/key', 'scope.forbidden_path'],
    ['echo x > src/b.js', 'scope.outside_diagnosis'],
    ["sed -i 's/a/b/' src/a.js src/b.js", 'scope.outside_diagnosis'],
    ['rm src/*.js', 'scope.outside_diagnosis'],
    ['echo x > .self-healing/config.yaml', 'scope.always_forbidden_path'],
    ['sqlite3 ../../../.self-healing/state.db "select 1"', 'scope.product_state'],
    ["node -e \"require('fs').writeFileSync('x', '')\"", 'command.inline_code'],
    ['python3 - <<EOF\nopen("x", "w").write("")\nEOF', 'command.inline_code'],
    ['pkill claude', 'command.processes'],
    ['kill -9 $PPID', 'command.processes'],
  ])('%s', (command, expected) => {
    expect(rule(command)).toBe(expected);
  });

  it('names what to do instead', () => {
    const judged = judge('git push');
    expect(judged).toMatchObject({
      reason: 'Denied: git push publishes around the gate. Call propose_pr once verify_fix answers pass.',
    });
  });
});

describe('the diagnostician only reads', () => {
  it.each([
    'git grep -n tenantId',
    'git log -p -3 -- src/a.js | head -100',
    'rg tenantId src',
    'cat src/a.js | sed -n 1,20p',
    'find . -name "*.js"',
    'ls -la src',
    'git blame src/a.js 2>/dev/null',
  ])('allowed: %s', (command) => expect(judge(command, 'diagnostician')).toEqual({ allowed: true }));
  it.each([
    'npm test',
    'git commit -am x',
    'cat a > b',
    'sed -i s/a/b/ src/a.js',
    "sed -n 'w out' src/a.js",
    'find . -delete',
    'find . -exec rm {} \\;',
    'git diff --output=x',
    'node -e 1',
    'rg --pre sh x',
  ])('denied: %s', (command) => expect(rule(command, 'diagnostician')).toBe('command.diagnosis'));
});

describe('the shell reader', () => {
  it('never throws and always answers', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'ab $(){}`\'"\\;&|<>#\n=*?[]!~EOF-'), maxLength: 60 }),
        (text) => typeof readShell(text).ok === 'boolean',
      ),
      { numRuns: 3000 },
    );
  });

  it('finds a command however it is nested', () => {
    const wrap = fc.constantFrom<(inner: string) => string>(
      (inner) => `(${inner})`,
      (inner) => `true && ${inner}`,
      (inner) => `echo "$(${inner})"`,
      (inner) => `{ ${inner}; }`,
      (inner) => `x=1 ; ${inner} | cat`,
      (inner) => `if true; then ${inner}; fi`,
      (inner) => `cat <(${inner})`,
      (inner) => `! ${inner}`,
    );
    fc.assert(
      fc.property(fc.array(wrap, { maxLength: 5 }), (wraps) => {
        expect(rule(wraps.reduce((inner, wrapOne) => wrapOne(inner), 'git push'))).toBe('publish.push');
      }),
    );
  });
});
