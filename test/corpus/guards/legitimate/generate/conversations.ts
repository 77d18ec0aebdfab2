/** Where people, several agents, or a shortened memory make the same things happen again. */
import type { Pattern } from './pattern.ts';
import { ALL_CASES, SUBJECTS } from './project.ts';

const runItAgain: Pattern = {
  name: 'person-asks-for-it-again',
  near: 'loop.repeat',
  variants: 5,
  write(run) {
    const asked = [
      'Run the tests.',
      'Run them again, I changed a setting outside.',
      'And again, please.',
      'Once more, now with the VPN off.',
      'Again.',
      'One last time.',
    ];
    for (const text of asked) {
      run.prompt(text);
      run.test(run.variant % 2 === 0 ? [] : ALL_CASES.slice(0, 1), 40);
      run.say(run.variant % 2 === 0 ? 'All 40 are green.' : 'One is red: price applies the discount once.');
    }
  },
};

const talk: Pattern = {
  name: 'questions-and-answers',
  near: 'loop.monologue',
  variants: 5,
  write(run) {
    const talked: [string, string][] = [
      ['What is an invariant here?', 'A rule that no change may break, with a check that can be run.'],
      ['And a scenario?', 'One case that must keep working, with the reason why.'],
      ['Why both?', 'A scenario is an example; an invariant holds for all of them.'],
      ['Which would you write first?', 'The scenario of the last incident.'],
      ['And where do they live?', 'In the repository, beside the code.'],
      ['Good, thank you.', 'You are welcome.'],
    ];
    for (const [question, answer] of talked.slice(run.variant % 2)) {
      run.prompt(question);
      run.say(answer);
    }
    run.read(run.project.source('price'));
  },
};

const thinkingAloud: Pattern = {
  name: 'explains-between-calls',
  near: 'loop.monologue',
  variants: 4,
  write(run) {
    const { project } = run;
    run.prompt('Explain the checkout to me as you read it.');
    for (const subject of SUBJECTS.slice(0, 6)) {
      run.read(project.source(subject));
      run.say(`${subject} turns its lines into one value.`);
      run.say(`What is special about ${subject}: it rounds at the end only.`);
    }
  },
};

const undoRedo: Pattern = {
  name: 'person-wants-it-undone-and-back',
  near: 'loop.undo',
  variants: 4,
  write(run) {
    const { project } = run;
    const file = project.source('shipping');
    run.prompt('Make shipping free above 50.');
    const { from, to } = run.edit(file);
    run.test([], 40);
    run.prompt('Undo that, the shop owner has to agree first.');
    run.change(file, { from: to, to: from });
    run.test([], 40);
    run.prompt('She agrees. Put it back.');
    run.change(file, { from, to });
    run.test([], 40);
  },
};

const afterCompaction: Pattern = {
  name: 'reads-again-after-compaction',
  near: 'loop.repeat',
  variants: 5,
  healing: true,
  write(run) {
    const { project } = run;
    const files = SUBJECTS.slice(0, 3).map((subject) => project.source(subject));
    for (let round = 0; round < 4; round += 1) {
      for (const file of files) run.read(file);
      if (round === 1) run.edit(project.source('cart'));
      if (round < 3) run.compact();
    }
    run.edit(project.source('price'));
    run.test([], 40);
  },
};

const rereads: Pattern = {
  name: 'reads-the-file-after-each-edit',
  near: 'loop.cycle',
  variants: 5,
  healing: true,
  write(run) {
    const file = run.project.source('coupon');
    run.prompt('Rewrite the coupon rules; show me the file after each step.');
    for (let step = 0; step < 6; step += 1) {
      run.edit(file);
      run.read(file);
    }
    run.test([], 40);
  },
};

const statusBetween: Pattern = {
  name: 'status-and-diff-between-edits',
  near: 'loop.cycle',
  variants: 5,
  healing: true,
  write(run) {
    const { project, chance } = run;
    const file = project.source('customer');
    for (let step = 1; step < 7; step += 1) {
      run.edit(file);
      run.bash('git status --short', ` M ${file}`);
      run.bash(
        'git diff --stat',
        ` ${file} | ${step * 2} +${'-'.repeat(1)}\n 1 file changed, ${step} insertions(+), ${step} deletions(-)`,
      );
    }
    run.test([], 40);
    run.bash('git diff | head -20', `diff --git a/${file} b/${file}\nindex ${chance.hex(7)}..${chance.hex(7)} 100644`);
  },
};

const todos: Pattern = {
  name: 'keeps-a-list',
  near: 'loop.cycle',
  variants: 4,
  healing: true,
  write(run) {
    const names = SUBJECTS.slice(0, 6);
    for (let done = 0; done <= names.length; done += 1) {
      const todos = names.map((subject, at) => ({
        content: `Check ${subject}`,
        status: at < done ? 'completed' : at === done ? 'in_progress' : 'pending',
        activeForm: `Checking ${subject}`,
      }));
      run.call(
        'TodoWrite',
        { todos },
        'Todos have been modified successfully. Ensure that you continue to use the todo list to track your progress.',
      );
      const subject = names[done];
      if (subject !== undefined) run.read(run.project.source(subject));
    }
  },
};

const parallelAgents: Pattern = {
  name: 'several-agents-at-the-same-thing',
  near: 'loop.cycle',
  variants: 5,
  write(run) {
    const { project } = run;
    const agents = ['a1f3c9d2e4b5a6c7d', 'a2b8d0e1f6c4a9b3e', 'a9c7e5d3b1f2a4c6b'];
    run.prompt('Review the change from three sides: correctness, speed, style.');
    const steps: (() => void)[] = [
      () => run.bash('git diff main --stat', ` ${project.source('price')} | 12 +++---\n 1 file changed`),
      () => run.read(project.source('price')),
      () => run.read(project.test('price')),
      () => run.test([], 9, project.testOne('price')),
    ];
    for (const step of steps)
      for (const agent of agents.slice(0, 2 + (run.variant % 2))) {
        run.agent = agent;
        step();
      }
    run.agent = '';
    run.say('All of them agree: it is right, but the loop runs twice.');
    run.edit(project.source('price'));
    run.test([], 40);
  },
};

const documents: Pattern = {
  name: 'one-document-many-edits',
  near: 'loop.thrash',
  variants: 4,
  write(run) {
    run.prompt('Update the guide to the new command names.');
    const names = ['start', 'stop', 'status', 'retry', 'show', 'list', 'pause', 'resume'];
    for (const name of names) run.change('docs/guide.md', { from: `shop-${name}`, to: `shop ${name}` });
    run.bash(
      'git diff --stat',
      ' docs/guide.md | 16 ++++++++--------\n 1 file changed, 8 insertions(+), 8 deletions(-)',
    );
  },
};

export const CONVERSATIONS: readonly Pattern[] = [
  runItAgain,
  talk,
  thinkingAloud,
  undoRedo,
  afterCompaction,
  rereads,
  statusBetween,
  todos,
  parallelAgents,
  documents,
];
