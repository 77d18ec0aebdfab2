/** Scenes of honest work that looks like going in circles from afar. */
import { bash, use } from '../../../../cli/demo/model-reply.ts';
import { NODE_APP, PYTHON_APP } from './samples.ts';
import { edit, read, readCall, type Scene, say, send, sh, spoken, times, write } from './scene.ts';

const FLOOR = 'Math.floor((sum * best(vouchers)) / 100)';
const TAKE = '        self.counts[sku] -= count\n';
const PUT = '        self.counts[sku] += count\n';
const LOW = 'return [sku for sku, count in self.counts.items() if count < limit]';
const PYTEST = 'python3 -m pytest -q -p no:cacheprovider';
const FORMAT = "return (cents / 100).toFixed(2) + ' EUR';";
const THOUSANDS = "return (cents / 100).toLocaleString('en', { minimumFractionDigits: 2 }) + ' EUR';";
const DONE = say('All checks are green.');

const fix: Scene = {
  id: 'fix-node',
  about: 'red, an edit, still red elsewhere, an edit, green',
  files: NODE_APP,
  prompts: ['npm test is red. Please repair it.'],
  main: spoken([
    sh('npm test'),
    use(readCall('src/total.js'), readCall('src/format.js')),
    edit('src/total.js', FLOOR, FLOOR.replace('floor', 'round')),
    sh('npm test'),
    edit('src/format.js', FORMAT, THOUSANDS),
    sh('npm test'),
    sh('git diff --stat'),
    DONE,
  ]),
  told: { label: 'legitimate', near: 'loop.thrash', pattern: 'recorded-fix' },
};

const shrinking: Scene = {
  id: 'shrinking-python',
  about: 'three red tests, then two, then one, then none',
  files: PYTHON_APP,
  prompts: ['Get pytest green, one test after the other.'],
  main: [
    sh(PYTEST),
    read('stock/levels.py'),
    edit('stock/levels.py', TAKE, `        if self.counts[sku] < count:\n            raise ValueError(sku)\n${TAKE}`),
    sh(PYTEST),
    edit('stock/levels.py', PUT, '        self.counts[sku] = self.counts.get(sku, 0) + count\n'),
    sh(PYTEST),
    edit('stock/levels.py', LOW, 'return sorted(sku for sku, count in self.counts.items() if count < limit)'),
    sh(PYTEST),
    DONE,
  ],
  told: { label: 'legitimate', near: 'loop.similar', pattern: 'recorded-shrinking' },
};

const waiting: Scene = {
  id: 'wait-for-build',
  about: 'a build in the background, its growing log looked at until it is done',
  files: {
    ...NODE_APP,
    'build.sh': 'for n in 1 2 3 4 5 6 7 8; do echo "[$n/8] compiled module-$n"; sleep 0.4; done\necho "build done"\n',
  },
  prompts: ['Run the build and tell me when it is done.'],
  main: [
    sh('cat build.sh'),
    sh('(sh build.sh > build.log 2>&1 &) ; echo started'),
    ...times(7, () => [use(bash('sleep 0.6; tail -n 3 build.log'))]),
    sh('tail -n 1 build.log'),
    say('The build is done.'),
  ],
  told: { label: 'legitimate', near: 'loop.similar', pattern: 'recorded-wait' },
};

const LONG = Array.from({ length: 400 }, (_, line) => `export const price${line} = ${(line * 37) % 991};`).join('\n');

const chunks: Scene = {
  id: 'read-in-chunks',
  about: 'a long file read piece by piece',
  files: { ...NODE_APP, 'src/prices.js': `${LONG}\n` },
  prompts: ['Which price is the highest in src/prices.js? Read it yourself.'],
  main: [
    sh('wc -l src/prices.js'),
    ...times(8, (turn) => [read('src/prices.js', { offset: turn * 50 - 49, limit: 50 })]),
    say('990.'),
  ],
  told: { label: 'legitimate', near: 'loop.repeat', pattern: 'recorded-chunks' },
};

const modules = Array.from({ length: 7 }, (_, at) => `src/step${at + 1}.js`);

const codemod: Scene = {
  id: 'codemod',
  about: 'the same edit in seven files, a syntax check after each',
  files: {
    ...NODE_APP,
    ...Object.fromEntries(
      modules.map((path, at) => [
        path,
        `import { log } from './log.js';\n\nexport function step${at + 1}() {\n  log('step');\n}\n`,
      ]),
    ),
    'src/log.js': 'export const log = console.log;\nexport const info = console.info;\n',
  },
  prompts: ['Use info instead of log in all src/step*.js.'],
  main: [
    sh('grep -ln "log(\'step\')" src/*.js'),
    ...modules.flatMap((path) => [
      read(path),
      use(
        {
          name: 'Edit',
          input: { file_path: `{root}/${path}`, old_string: 'import { log }', new_string: 'import { info }' },
        },
        { name: 'Edit', input: { file_path: `{root}/${path}`, old_string: "log('step')", new_string: "info('step')" } },
      ),
      sh(`node --check ${path}`),
    ]),
    DONE,
  ],
  told: { label: 'legitimate', near: 'loop.cycle', pattern: 'recorded-codemod' },
};

const newFiles: Scene = {
  id: 'new-files',
  about: 'one new test file after the other, each run',
  files: NODE_APP,
  prompts: ['Add a test per currency.'],
  main: [
    read('test/total.test.js'),
    ...['eur', 'usd', 'chf', 'gbp', 'jpy', 'sek'].flatMap((name) => [
      write(
        `test/${name}.test.js`,
        `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { total } from '../src/total.js';\n\ntest('${name}', () => assert.equal(total([{ cents: 100, count: 2 }]), 200));\n`,
      ),
      sh(`node --test test/${name}.test.js`),
    ]),
    DONE,
  ],
  told: { label: 'legitimate', near: 'loop.similar', pattern: 'recorded-new-files' },
};

const secondIdea: Scene = {
  id: 'second-idea',
  about: 'an idea that fails is taken back, and another one works',
  files: NODE_APP,
  prompts: ['Repair the rounding.'],
  main: [
    sh('npm test'),
    read('src/total.js'),
    edit('src/total.js', FLOOR, FLOOR.replace('floor', 'ceil')),
    sh('npm test'),
    sh('git checkout -- src/total.js'),
    read('src/total.js'),
    edit('src/total.js', FLOOR, FLOOR.replace('floor', 'round')),
    edit('src/total.js', 'In cents, with', 'In whole cents, with'),
    sh('npm test'),
    say('The rounding is right; the formatting of thousands is another matter.'),
  ],
  told: { label: 'legitimate', near: 'loop.revisit', pattern: 'recorded-second-idea' },
};

const exploring: Scene = {
  id: 'exploring',
  about: 'one search after the other, each for something else, some without a result',
  files: { ...NODE_APP, ...PYTHON_APP },
  prompts: ['Where is money handled?'],
  main: spoken([
    ...['cents', 'EUR', 'currency', 'round', 'percent', 'tax', 'vat', 'counts\\[', 'sorted', 'Math\\.'].map((word) =>
      sh(`grep -rn "${word}" src stock || true`),
    ),
    sh('git log --oneline -5 -- src'),
    say('In src/total.js and src/format.js.'),
  ]),
  told: { label: 'legitimate', near: 'loop.similar', pattern: 'recorded-exploring' },
};

const parallel: Scene = {
  id: 'parallel-agents',
  about: 'two subagents at once, each with a file of its own; the same calls, but of different agents',
  files: NODE_APP,
  prompts: ['Two agents, please: one for the rounding, one for the formatting.'],
  main: [
    sh('npm test'),
    sh('git status --short'),
    send('ROUNDING: src/total.js', 'FORMATTING: src/format.js'),
    sh('npm test'),
    sh('git diff --stat'),
    DONE,
  ],
  told: { label: 'legitimate', near: 'loop.cycle', pattern: 'recorded-parallel' },
  agents: {
    ROUNDING: {
      replies: [
        sh('npm test'),
        read('src/total.js'),
        edit('src/total.js', FLOOR, FLOOR.replace('floor', 'round')),
        sh('node --test --test-name-pattern=nearest'),
        say('Rounded.'),
      ],
      told: { label: 'legitimate', near: 'loop.repeat', pattern: 'recorded-parallel' },
    },
    FORMATTING: {
      replies: [
        sh('npm test'),
        read('src/format.js'),
        edit('src/format.js', FORMAT, THOUSANDS),
        sh('node --test --test-name-pattern=thousands'),
        say('Formatted.'),
      ],
      told: { label: 'legitimate', near: 'loop.repeat', pattern: 'recorded-parallel' },
    },
  },
};

const missedEdit: Scene = {
  id: 'missed-edit',
  about: 'two edits that do not apply, a look at the file, the right edit',
  files: PYTHON_APP,
  prompts: ['take() must refuse to go below zero.'],
  main: [
    read('stock/levels.py'),
    edit('stock/levels.py', 'self.counts[sku] = self.counts[sku] - count', 'pass'),
    edit('stock/levels.py', '\tself.counts[sku] -= count', '\tpass'),
    sh('sed -n "8,11p" stock/levels.py | cat -A'),
    edit('stock/levels.py', TAKE, `        if self.counts[sku] < count:\n            raise ValueError(sku)\n${TAKE}`),
    sh(`${PYTEST} -k below_zero`),
    DONE,
  ],
  told: { label: 'legitimate', near: 'loop.repeat', pattern: 'recorded-missed-edit' },
};

const conversation: Scene = {
  id: 'conversation',
  about: 'a person asks one question after the other, and gets answers',
  files: NODE_APP,
  prompts: [
    'What does total() do?',
    'And why floor?',
    'What would round change?',
    'Who calls best()?',
    'Could best() be negative?',
    'Should it be exported?',
    'Thanks, leave it as it is.',
  ],
  main: [
    read('src/total.js'),
    say('It sums up all lines and takes the discount of the best voucher off.'),
    say('It was probably meant in favour of the shop; nothing in the file says so.'),
    say('Half a cent or more would go to the customer: 899.55 would become 900.'),
    say('Only total(), in the same file.'),
    say('No: it starts from 0 and only ever takes something larger.'),
    say('Not as long as nobody else needs it.'),
    say('All right.'),
  ],
  told: { label: 'legitimate', near: 'loop.monologue', pattern: 'recorded-conversation' },
};

const serverStart: Scene = {
  id: 'wait-for-server',
  about: 'a server is started and asked until it answers',
  files: {
    ...NODE_APP,
    'serve.mjs':
      "import { createServer } from 'node:http';\nsetTimeout(() => {\n  const server = createServer((_, response) => response.end('ok'));\n  server.listen(47211, '127.0.0.1');\n  setTimeout(() => process.exit(), 6000);\n}, 1200);\n",
  },
  prompts: ['Start the server and see whether it answers.'],
  main: [
    sh('cat serve.mjs'),
    sh('(node serve.mjs > serve.log 2>&1 &) ; echo started'),
    sh('curl -sS http://127.0.0.1:47211/'),
    sh('sleep 1; curl -sS http://127.0.0.1:47211/'),
    sh('sleep 1; curl -sS http://127.0.0.1:47211/ && cat serve.log'),
    say('It answers.'),
  ],
  told: { label: 'legitimate', near: 'loop.repeat', pattern: 'recorded-wait' },
};

const bisect: Scene = {
  id: 'bisect',
  about: 'one commit after the other is checked out and tested, then back to the branch',
  files: NODE_APP,
  commits: ['a', 'b', 'c', 'd', 'e'].map((name, at) => ({
    'src/rate.js': `// ${name}\nexport const rate = ${at < 3 ? 19 : 20};\n`,
    'test/rate.test.js':
      "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { rate } from '../src/rate.js';\n\ntest('rate', () => assert.equal(rate, 19));\n",
  })),
  prompts: ['Since which commit is test/rate.test.js red?'],
  main: [
    sh('git log --oneline'),
    ...[0, 4, 2, 3, 1].flatMap((back) => [sh(`git checkout -q main~${back}`), sh('node --test test/rate.test.js')]),
    sh('git checkout -q main'),
    say('Since the fourth.'),
  ],
  told: { label: 'legitimate', near: 'loop.cycle', pattern: 'recorded-bisect' },
};

const agentFix: Scene = {
  id: 'fix-in-agent',
  about: 'a subagent edits and tests in turn until all is green',
  files: PYTHON_APP,
  prompts: ['Have an agent get pytest green.'],
  main: [send('PYTEST: get it green.'), DONE],
  agents: {
    PYTEST: {
      replies: spoken([
        sh(PYTEST),
        read('stock/levels.py'),
        edit('stock/levels.py', PUT, '        self.counts[sku] = self.counts.get(sku) + count\n'),
        sh(PYTEST),
        edit('stock/levels.py', 'self.counts.get(sku) + count', 'self.counts.get(sku, 0) + count'),
        sh(PYTEST),
        edit(
          'stock/levels.py',
          TAKE,
          `        if self.counts[sku] < count:\n            raise ValueError(sku)\n${TAKE}`,
        ),
        sh(PYTEST),
        edit('stock/levels.py', LOW, 'return sorted(sku for sku, count in self.counts.items() if count < limit)'),
        sh(PYTEST),
        say('Green.'),
      ]),
      told: { label: 'legitimate', near: 'loop.thrash', pattern: 'recorded-fix' },
    },
  },
};

export const honest: Scene[] = [
  fix,
  shrinking,
  waiting,
  chunks,
  codemod,
  newFiles,
  secondIdea,
  exploring,
  parallel,
  missedEdit,
  conversation,
  serverStart,
  bisect,
  agentFix,
];
