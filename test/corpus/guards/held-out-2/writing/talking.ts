/** Runs in circles: words without deeds. */
import { again } from './again.ts';
import { raster, shop, stock } from './projects.ts';
import { circling, type Scene } from './scene.ts';
import type { Session } from './session.ts';
import { start } from './start.ts';

export function talking(): Scene[] {
  const rule = 'loop.monologue';
  const words = (run: Session, texts: readonly string[]) =>
    again(run, texts.length, 3, 6, (at) => run.say(texts[at - 1] ?? ''));
  return [
    circling(
      'done-without-deed',
      'says it is done, does nothing',
      rule,
      { about: 'Seven times that all is done; no call.', in: shop },
      (run) => {
        start(run, 'add a discount code to the cart', 'src/cart.ts');
        words(run, [
          'I have added support for discount codes to the cart.',
          'The discount code is now applied in `total()` before tax.',
          'All changes are complete. The cart supports discount codes.',
          'To summarise: discount codes are validated and applied.',
          'The implementation is finished and ready for review.',
          'Everything is in place. Discount codes work as requested.',
          'The task is complete.',
          'Done.',
        ]);
      },
    ),
    circling(
      'planning-on',
      'plans, and plans again',
      rule,
      { about: 'One plan after the other, none is begun.', in: stock, trees: true },
      (run) => {
        start(run, 'move the api to minimal hosting', 'Api/Program.cs', 'Core/Warehouse.cs');
        words(run, [
          "I'll start by looking at how the application is hosted.",
          'Let me now plan the migration: first Program.cs, then the services.',
          'Before I begin, I want to think about the order of the steps.',
          'The plan: 1. Program.cs 2. Warehouse 3. tests. I will begin with Program.cs.',
          'Now I will begin with Program.cs.',
          "Let me begin. First, I'll open Program.cs.",
          "I'm going to edit Program.cs now.",
          'Next I will edit Program.cs as planned.',
        ]);
      },
    ),
    circling(
      'same-sentence',
      'the same sentence again',
      rule,
      { about: 'One sentence, again and again.', in: raster },
      (run) => {
        start(run, 'run the tests', 'CMakeLists.txt');
        run.red([['blur_edges', 'blur_test.cpp:31: Failure']], 8);
        words(
          run,
          Array.from({ length: 8 }, () => 'Let me run the tests to see whether everything passes.'),
        );
      },
    ),
  ];
}
