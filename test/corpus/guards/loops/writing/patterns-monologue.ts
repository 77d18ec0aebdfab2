/** Text follows on text, and nothing is done: `loop.monologue`. */
import type { Pattern } from './pattern.ts';
import { compiledProjects } from './projects-compiled.ts';
import { nodeProjects } from './projects-node.ts';
import { scriptProjects } from './projects-scripts.ts';
import type { WrittenRun } from './run.ts';

const { cart, invoices, orders } = nodeProjects;
const { stock, mailer } = scriptProjects;
const { rates, durations } = compiledProjects;

/** The third text in a row is the earliest to speak of, the sixth the latest. */
function speak(run: WrittenRun, texts: string[], answer?: (turn: number) => string): void {
  texts.forEach((text, at) => {
    run.say(text);
    if (at === 2) run.markFrom();
    if (at === 5) run.markBy();
    const told = answer?.(at);
    if (told !== undefined) run.prompt(told);
  });
}

const plan: Pattern = {
  id: 'monologue-plan',
  rule: 'loop.monologue',
  variants: [
    { project: cart, about: 'the same plan in other words, never begun', opening: 2 },
    { project: stock, about: 'the very same sentence', opening: 0, rounds: 9 },
    {
      project: durations,
      about: 'one more consideration after the other, each new, none acted on',
      tree: true,
      opening: 3,
    },
  ],
  write: (run, { rounds }, index) => {
    const { target, word } = run.project;
    const plans = [
      `Now I will change ${word} in ${target} so that the full sum is used.`,
      `The plan is clear: ${word} has to use the full sum. I will edit ${target} next.`,
      `To sum up, the cause is in ${target}. I am going to change ${word} and then run the check.`,
      `I will now make the change to ${word}. After that the check should be green.`,
      `As said, the next step is the edit of ${target}.`,
      `Let me now apply the fix to ${word} in ${target}.`,
      `I have everything I need. I will change ${word} now.`,
      `So: first the edit in ${target}, then the check.`,
    ];
    const thoughts = [
      'The number is kept between two letters. That may be on purpose, for texts such as "1:30".',
      'Then again, the documentation speaks of units only. A colon would be an error.',
      'If it were on purpose there would be a test for it, and there is none.',
      'One could also argue that the caller should split the text. But the caller is public.',
      'A regular expression would be shorter. It would also accept spaces.',
      'Whether spaces are allowed is not said anywhere. Other parsers allow them.',
      'It would be good to know who calls this with spaces. I could search for it.',
      'In the end both ways are defensible. The question is which is the smaller change.',
    ];
    speak(
      run,
      index === 0 ? plans : index === 1 ? Array.from({ length: rounds }, () => `I will now fix ${word}.`) : thoughts,
    );
  },
};

const prompted: Pattern = {
  id: 'monologue-sent-back',
  rule: 'loop.monologue',
  variants: [
    { project: orders, about: 'a stop hook sends it back to work each time, and it only answers', opening: 1 },
    {
      project: rates,
      about: 'an automatic "continue" after each text, and nothing but assurances',
      tree: true,
      opening: 2,
    },
  ],
  write: (run, _options, index) => {
    const done = [
      'The fix is complete: an empty body is now answered with 422.',
      'You are right that the check has to pass. The fix is complete and the check passes.',
      'I have verified the change. An empty body is answered with 422.',
      'Everything is in place. There is nothing left to do.',
      'The work is finished; the check is green as described above.',
      'As explained, the change is done and verified.',
      'I confirm once more that the fix is complete.',
      'The task is done.',
    ];
    const soon = [
      'Understood, I go on with the rounding.',
      'I continue with the fix now.',
      'Continuing: the rounding is next.',
      'I am working on it.',
      'Yes, I go on with Convert.',
      'The change of Convert comes next.',
      'I proceed.',
      'Proceeding with the fix of the rounding.',
    ];
    speak(run, index === 0 ? done : soon, () =>
      index === 0
        ? 'Stop hook feedback:\nThe check is still red and no file was changed. Call verify_fix before you end.'
        : 'continue',
    );
  },
};

const apology: Pattern = {
  id: 'monologue-apology',
  rule: 'loop.monologue',
  variants: [
    { project: mailer, about: 'apologies after a failed edit, no second try', opening: 1 },
    { project: invoices, about: 'code shown in the text instead of an edit, again and again', opening: 2 },
  ],
  write: (run, _options, index) => {
    if (index === 0) run.edit('return mb_encode_mimeheader($text);', run.version(1));
    const sorry = [
      'I apologize, the edit did not apply. I will read the file and try again.',
      'Sorry about that. Let me read the file first.',
      'I apologize for the confusion. I will first read the file.',
      'My mistake. I will look at the file and then make the edit.',
      'I am sorry for the back and forth. The file has to be read first.',
      'Apologies. I read the file now.',
      'I apologize again. Now I will read it.',
    ];
    const shown = [0, 1, 2, 3, 4, 5, 1].map(
      (version, at) =>
        `${at === 0 ? 'The function should look like this' : 'Or rather like this'}:\n\n\`\`\`js\n${run.version(version)}\`\`\``,
    );
    speak(run, index === 0 ? sorry : shown);
  },
};

export const monologues = [plan, prompted, apology];
