/** Runs in circles: edits undone and made again. */
import { billing, board, forum, svc } from './projects.ts';
import { circling, type Scene } from './scene.ts';
import type { Failure } from './session.ts';
import { start } from './start.ts';

export function undoing(): Scene[] {
  const rule = 'loop.undo';
  return [
    circling(
      'in-and-out',
      'an edit goes in and out',
      rule,
      { about: 'A guard is put in, taken out, put in; nothing is run.', in: svc },
      (run) => {
        start(run, 'Pop panics on an empty queue', 'internal/core/queue.go');
        const [without, with_] = ['if len(q.jobs) == 0 {', 'if q == nil || len(q.jobs) == 0 {'];
        for (let at = 0; at < 4; at++) {
          run.edit('internal/core/queue.go', without, with_);
          if (at === 1) run.fair();
          if (at === 2) run.late(2);
          run.sh('gofmt -l internal', '');
          run.edit('internal/core/queue.go', with_, without);
          if (at % 2 === 0) run.read('internal/core/queue.go');
        }
      },
    ),
    circling(
      'in-and-out-style',
      'an edit goes in and out',
      rule,
      { about: 'A margin between two values, with a picture after each.', in: board, trees: true },
      (run) => {
        start(run, 'the header overlaps the cards', 'src/App.tsx');
        const shot = () =>
          run.call(
            'mcp__playwright__browser_take_screenshot',
            { filename: 'board.png' },
            `### Result\nTook the viewport screenshot and saved it as board-${run.noise.hex(6)}.png`,
          );
        run.sh('ls src/styles', 'board.css\nreset.css');
        for (let at = 0; at < 4; at++) {
          run.edit('src/styles/board.css', 'position: sticky;', 'position: fixed;');
          if (at === 1) run.fair();
          if (at === 2) run.late(2);
          shot();
          run.edit('src/styles/board.css', 'position: fixed;', 'position: sticky;');
          shot();
        }
      },
    ),
    circling(
      'in-and-out-tested',
      'an edit goes in and out, tested each time',
      rule,
      { about: 'A rescue clause goes in and out; the spec is red in two ways.', in: forum, trees: true },
      (run) => {
        start(run, 'spec/services/notifier_spec.rb is red', 'app/services/notifier.rb');
        const raising: Failure = [['Notifier goes on after a bounce', 'Net::SMTPFatalError: 550 mailbox unavailable']];
        const hiding: Failure = [['Notifier reports bounces', 'expected Net::SMTPFatalError but nothing was raised']];
        run.red(raising, 44);
        for (let at = 0; at < 4; at++) {
          run.edit('app/services/notifier.rb', '.deliver_later }', '.deliver_later rescue nil }');
          run.red(hiding, 44);
          run.edit('app/services/notifier.rb', '.deliver_later rescue nil }', '.deliver_later }');
          run.red(raising, 44);
          if (at === 0) run.fair();
          if (at === 1) run.late(2);
        }
      },
    ),
    circling(
      'stash-and-pop',
      'an edit goes in and out',
      rule,
      { about: 'The same constructor is added after each restore of the file.', in: billing },
      (run) => {
        start(run, 'make InvoiceService testable', 'src/main/java/org/example/billing/InvoiceService.java');
        const path = 'src/main/java/org/example/billing/InvoiceService.java';
        for (let at = 0; at < 4; at++) {
          run.edit(
            path,
            'public class InvoiceService {',
            'public class InvoiceService {\n  public InvoiceService(Clock clock) { this.clock = clock; }',
          );
          if (at === 1) run.fair();
          if (at === 2) run.late(2);
          run.fail(
            'mvn -q compile',
            `[ERROR] COMPILATION ERROR :\n[ERROR] ${path}:[9,3] variable repository might not have been initialized\n[INFO] Total time:  ${run.noise.seconds(2, 6)} s`,
          );
          run.sh(`git restore ${path}`, '');
        }
      },
    ),
  ];
}
