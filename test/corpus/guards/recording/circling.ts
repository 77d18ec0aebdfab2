/** Scenes whose agent goes in circles. */
import { use } from '../../../../cli/demo/model-reply.ts';
import { NODE_APP, PYTHON_APP } from './samples.ts';
import { edit, read, readCall, type Scene, say, send, sh, spoken, times, write } from './scene.ts';

const FLOOR = 'Math.floor((sum * best(vouchers)) / 100)';
const TAKE = '        self.counts[sku] -= count\n';
const END = say('I could not get the checks green.');
const PYTEST = 'python3 -m pytest -q -p no:cacheprovider';

const repeatCheck: Scene = {
  id: 'repeat-check',
  about: 'npm test again and again, in the main conversation',
  files: NODE_APP,
  prompts: ['npm test is red. Please repair it.'],
  main: spoken([sh('git log --oneline -3'), read('src/total.js'), ...times(7, () => [sh('npm test')]), END]),
  told: { label: 'loop', rule: 'loop.repeat', pattern: 'recorded-repeat-check', fromCall: 5, byCall: 7 },
};

const thrash: Scene = {
  id: 'thrash-python',
  about: 'one idea after the other, pytest red as before',
  files: PYTHON_APP,
  prompts: ['test_never_below_zero fails. Fix it.'],
  main: spoken([
    sh('git status --short && ls'),
    read('stock/levels.py'),
    read('tests/test_levels.py'),
    sh(`${PYTEST} -k below_zero`),
    ...[
      [TAKE, '        self.counts[sku] = self.counts[sku] - count\n'],
      ['self.counts[sku] = self.counts[sku] - count', 'self.counts[sku] = max(self.counts[sku] - count, 0)'],
      ['max(self.counts[sku] - count, 0)', 'abs(self.counts[sku] - count)'],
      ['abs(self.counts[sku] - count)', 'int(self.counts[sku]) - int(count)'],
      ['int(self.counts[sku]) - int(count)', 'self.counts.get(sku, 0) - count'],
      ['self.counts.get(sku, 0) - count', 'self.counts.setdefault(sku, 0) - count'],
    ].flatMap(([from = '', to = '']) => [edit('stock/levels.py', from, to), sh(`${PYTEST} -k below_zero`)]),
    END,
  ]),
  told: { label: 'loop', rule: 'loop.thrash', pattern: 'recorded-thrash', fromCall: 10, byCall: 14 },
};

const revisit: Scene = {
  id: 'revisit-checkout',
  about: 'an edit, git checkout, the same edit: checked each time',
  files: NODE_APP,
  prompts: ['The discount is rounded the wrong way. See npm test.'],
  main: [
    sh('npm test'),
    read('src/total.js'),
    ...times(3, () => [
      edit('src/total.js', FLOOR, FLOOR.replace('floor', 'trunc')),
      sh('npm test'),
      sh('git checkout -- src/total.js'),
      sh('npm test'),
      read('src/total.js'),
    ]),
    END,
  ],
  told: { label: 'loop', rule: 'loop.revisit', pattern: 'recorded-revisit', fromCall: 6, byCall: 11 },
};

const cycle: Scene = {
  id: 'cycle-read-search',
  about: 'two calls at once, then a search; over and over',
  files: NODE_APP,
  prompts: ['Find out why the total is off by one cent.'],
  main: [
    sh('npm test'),
    ...times(6, () => [use(readCall('src/total.js'), readCall('test/total.test.js')), sh('grep -rn "best(" src')]),
    END,
  ],
  told: { label: 'loop', rule: 'loop.cycle', pattern: 'recorded-cycle', fromCall: 7, byCall: 10 },
};

const failingEdit: Scene = {
  id: 'repeat-failing-edit',
  about: 'an edit that does not apply, again and again; the hooks of single calls never see it',
  files: PYTHON_APP,
  prompts: ['take() must refuse to go below zero.'],
  main: [
    read('stock/levels.py'),
    sh(`${PYTEST} -k below_zero`),
    ...times(6, () => [edit('stock/levels.py', '    self.counts[sku] -= count;\n', '    pass\n')]),
    END,
  ],
  told: { label: 'loop', rule: 'loop.repeat', pattern: 'recorded-repeat-edit', fromCall: 5, byCall: 7 },
};

const denied: Scene = {
  id: 'repeat-denied',
  about: 'a call that the permissions deny, asked for again',
  files: NODE_APP,
  prompts: ['Look up how the tax office rounds and do the same.'],
  allowed: ['Read', 'Bash(npm test)', 'Bash(git status:*)'],
  main: [
    read('src/total.js'),
    sh('npm test'),
    ...times(6, () => [
      use({ name: 'WebFetch', input: { url: 'https://tax.example.com/rounding', prompt: 'How are cents rounded?' } }),
    ]),
    END,
  ],
  told: { label: 'loop', rule: 'loop.repeat', pattern: 'recorded-repeat-denied', fromCall: 5, byCall: 7 },
};

const similar: Scene = {
  id: 'similar-flags',
  about: 'pytest with other flags each time',
  files: PYTHON_APP,
  prompts: ['Why does test_low_is_sorted fail?'],
  main: [
    read('stock/levels.py'),
    ...['', ' -x', ' --tb=auto', ' -p no:randomly', ' --no-header', ' --color=no', ' -W ignore', ' --maxfail=9'].map(
      (flag) => sh(`${PYTEST} -k sorted${flag}`),
    ),
    END,
  ],
  told: { label: 'loop', rule: 'loop.similar', pattern: 'recorded-similar-flags', fromCall: 4, byCall: 7 },
};

const ports: Scene = {
  id: 'similar-ports',
  about: 'curl at one port after the other',
  files: NODE_APP,
  prompts: ['Is the app up?'],
  main: [
    sh('cat package.json'),
    ...[47113, 47114, 47115, 47116, 47117, 47118, 47119].map((port) => sh(`curl -sS http://127.0.0.1:${port}/health`)),
    say('It does not answer.'),
  ],
  told: { label: 'loop', rule: 'loop.similar', pattern: 'recorded-similar-ports', fromCall: 4, byCall: 7 },
};

const PLAN = 'I will now change the rounding in src/total.js and then run npm test.';

const monologue: Scene = {
  id: 'monologue',
  about: 'plans instead of calls, an automatic "continue" after each',
  files: NODE_APP,
  prompts: ['npm test is red. Please repair it.', ...Array.from({ length: 7 }, () => 'continue')],
  main: [
    sh('npm test'),
    read('src/total.js'),
    ...times(8, (turn) => [say(turn % 2 === 0 ? `As said: ${PLAN}` : PLAN)]),
  ],
  // Counted in texts after the last call: the third, the sixth.
  told: { label: 'loop', rule: 'loop.monologue', pattern: 'recorded-monologue', fromCall: 5, byCall: 8 },
};

const undo: Scene = {
  id: 'undo-in-agent',
  about: 'a subagent edits there and back, looking at the diff',
  files: NODE_APP,
  prompts: ['Have an agent repair the rounding.'],
  main: [send('ROUNDING: make the discount round to the nearest cent.'), say('The agent gave up.')],
  agents: {
    ROUNDING: {
      replies: [
        read('src/total.js'),
        sh('npm test'),
        ...times(5, () => [
          edit('src/total.js', FLOOR, FLOOR.replace('floor', 'ceil')),
          sh('git diff --stat'),
          edit('src/total.js', FLOOR.replace('floor', 'ceil'), FLOOR),
        ]),
        say('Both ways are wrong.'),
      ],
      told: { label: 'loop', rule: 'loop.undo', pattern: 'recorded-undo', fromCall: 6, byCall: 9 },
    },
  },
};

const readAgain: Scene = {
  id: 'repeat-read-in-agent',
  about: 'a subagent reads the same range of a file again and again',
  files: PYTHON_APP,
  prompts: ['Let an agent explain levels.py.'],
  main: [send('EXPLAIN: what does Levels.low do?'), say('It lists what is low.')],
  agents: {
    EXPLAIN: {
      replies: [
        sh('ls stock tests'),
        sh('git log --oneline'),
        ...times(8, () => [read('stock/levels.py', { offset: 14, limit: 4 })]),
        say('It lists what is below the limit.'),
      ],
      told: { label: 'loop', rule: 'loop.repeat', pattern: 'recorded-repeat-read', fromCall: 5, byCall: 7 },
    },
  },
};

const rewritten = (body: string) => NODE_APP['src/format.js'].replace(/return .*;/, body);

const writes: Scene = {
  id: 'thrash-write-in-agent',
  about: 'a subagent writes the whole file anew each time, the test red as before',
  files: NODE_APP,
  prompts: ['Have the thousands formatted.'],
  main: [sh('git status --short'), send('FORMAT: 123456 cents are 1,234.56 EUR.'), say('Not done.')],
  agents: {
    FORMAT: {
      replies: [
        read('src/format.js'),
        sh('node --test --test-name-pattern=thousands'),
        ...[
          "return Number(cents / 100).toFixed(2) + ' EUR';",
          "return ''.concat((cents / 100).toFixed(2), ' EUR');",
          "return [(cents / 100).toFixed(2), 'EUR'].join(' ');",
          "return String((cents / 100).toFixed(2)).concat(' EUR');",
          "const euros = cents / 100;\n  return euros.toFixed(2) + ' EUR';",
          "return (Math.round(cents) / 100).toFixed(2) + ' EUR';",
        ].flatMap((body) => [write('src/format.js', rewritten(body)), sh('node --test --test-name-pattern=thousands')]),
        say('I could not find it.'),
      ],
      told: { label: 'loop', rule: 'loop.thrash', pattern: 'recorded-thrash', fromCall: 8, byCall: 12 },
    },
  },
};

const checkStatus: Scene = {
  id: 'cycle-status-in-agent',
  about: 'a subagent checks, asks git for the status, looks at the log; durations differ',
  files: PYTHON_APP,
  prompts: ['Have an agent look at the red tests.'],
  main: [send('TESTS: get pytest green.'), say('The agent did nothing.')],
  agents: {
    TESTS: {
      replies: [
        sh('ls'),
        read('tests/test_levels.py'),
        ...times(5, () => [sh(PYTEST), sh('git status --short'), sh('git log --oneline -2')]),
        say('Four tests, some of them red.'),
      ],
      told: { label: 'loop', rule: 'loop.cycle', pattern: 'recorded-cycle', fromCall: 8, byCall: 11 },
    },
  },
};

export const circling: Scene[] = [
  repeatCheck,
  thrash,
  revisit,
  cycle,
  failingEdit,
  denied,
  similar,
  ports,
  monologue,
  undo,
  readAgain,
  writes,
  checkStatus,
];
