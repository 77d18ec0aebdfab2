/** Runs that announce instead of doing, or make, take back and make the same edit. */
import { circle, type Run, type Written } from './kit.ts';

export function circlingEdits(): Written[] {
  return [...monologues(), ...undone()];
}

function monologues(): Written[] {
  const pattern = 'announcing work instead of doing it';
  const tell = (run: Run, texts: string[]) => {
    for (const [at, text] of texts.entries()) {
      run.say(text);
      run.mark(at + 1, 3, 6);
    }
  };
  return [
    circle('loop.monologue', { file: 'announcing-same', pattern, about: 'the same promise nine times' }, (run) => {
      run.ask('please run the migration now');
      tell(
        run,
        Array.from({ length: 9 }, () => 'I will now run the migration.'),
      );
    }),
    circle(
      'loop.monologue',
      {
        file: 'announcing-other-words',
        workBefore: 5,
        pattern,
        about: 'eight announcements in other words after a good start',
      },
      (run) => {
        run.ask('Add retry with backoff to the uploader.');
        run.read('Sources/Uploader.swift', 'actor Uploader {\n  func send(_ part: Part) async throws {}\n}');
        run.grep('retry', 'No matches found');
        tell(run, [
          'I have what I need: the uploader has no retry at all.',
          'Next I will write a small policy type for the delays.',
          'The policy needs a cap, thirty seconds seems right.',
          'Jitter matters as well, so I will add it.',
          'Now let me put this into code.',
          'I am going to write the policy first and then its tests.',
          'Starting with the implementation.',
          'Here comes the change to the uploader.',
        ]);
      },
    ),
    circle(
      'loop.monologue',
      {
        file: 'announcing-done',
        pattern,
        after: 'anthropics/claude-code issue 54920',
        about: 'the same list of what is done, in slightly other form',
      },
      (run) => {
        run.bash(
          'dotnet test Shop.Tests --filter Pickup',
          'Passed!  - Failed:     0, Passed:     1, Skipped:     0, Total:     1, Duration: 25 ms',
        );
        tell(
          run,
          Array.from(
            { length: 7 },
            (_, at) =>
              `Everything of this step is done:\n- format: finished\n- tests: 1 of 1 passed (25 ms)\nWaiting for a decision${'.'.repeat((at % 3) + 1)}`,
          ),
        );
      },
    ),
  ];
}

function undone(): Written[] {
  const pattern = 'made, taken back, made again';
  const flip = (
    run: Run,
    file: string,
    off: string,
    on: string,
    times: number,
    between: (at: number) => void = () => {},
  ) => {
    for (let at = 1; at <= times; at++) {
      run.edit(file, off, on);
      run.mark(at, 2, 3);
      between(at);
      if (at < times) run.edit(file, on, off);
    }
  };
  return [
    circle(
      'loop.undo',
      {
        file: 'undone-feature',
        pattern,
        after: 'anthropics/claude-code issue 25995',
        about: 'a field removed, added, removed; a person says stop in between',
      },
      (run) => {
        run.ask('skip the insurance step');
        flip(run, 'pages/booking.vue', '<InsuranceStep v-model="cover" />', '<!-- skipped -->', 4, (at) => {
          if (at === 2) run.ask('you keep changing it back and forth. skip it.');
        });
      },
    ),
    circle(
      'loop.undo',
      {
        file: 'undone-timeout',
        workBefore: 8,
        pattern,
        about: 'a timeout raised and lowered again, looks at other files in between',
      },
      (run) => {
        run.read('config/runtime.exs', 'config :shop, Shop.Repo, timeout: 15_000, pool_size: 10');
        flip(run, 'config/runtime.exs', 'timeout: 15_000', 'timeout: 60_000', 4, () => {
          run.bash('mix compile', 'Compiling 1 file (.ex)\nGenerated shop app');
          run.read(
            'lib/shop/repo.ex',
            'defmodule Shop.Repo do\n  use Ecto.Repo, otp_app: :shop, adapter: Ecto.Adapters.Postgres\nend',
          );
        });
      },
    ),
    circle(
      'loop.undo',
      { file: 'undone-import', pattern, about: 'an import removed as unused, needed, removed as unused' },
      (run) => {
        for (let at = 1; at <= 4; at++) {
          run.edit('app/src/main/kotlin/Pay.kt', 'import java.util.UUID\n', '');
          run.mark(at, 2, 3);
          run.red(
            './gradlew compileKotlin -q',
            "e: file:///home/dev/app/app/src/main/kotlin/Pay.kt:12:18 Unresolved reference 'UUID'.",
          );
          run.edit('app/src/main/kotlin/Pay.kt', 'package pay\n', 'package pay\nimport java.util.UUID\n');
          run.red(
            './gradlew ktlintCheck -q',
            `/home/dev/app/app/src/main/kotlin/Pay.kt:2:1: Unused import (standard:no-unused-imports)`,
          );
          run.edit(
            'app/src/main/kotlin/Pay.kt',
            'package pay\nimport java.util.UUID\n',
            'package pay\nimport java.util.UUID\n\n',
          );
          run.edit(
            'app/src/main/kotlin/Pay.kt',
            'package pay\nimport java.util.UUID\n\n',
            'package pay\nimport java.util.UUID\n',
          );
        }
      },
    ),
    circle(
      'loop.undo',
      { file: 'undone-notebook', pattern, about: 'a notebook cell between two learning rates' },
      (run) => {
        const cell = (source: string) =>
          run.call(
            'NotebookEdit',
            { notebook_path: '/home/dev/app/tune.ipynb', cell_id: 'c3', new_source: source },
            `Updated cell c3 with ${source}`,
          );
        for (let at = 1; at <= 4; at++) {
          cell('optimizer = AdamW(model.parameters(), lr=3e-4)');
          run.mark(at, 2, 3);
          cell('optimizer = AdamW(model.parameters(), lr=1e-4)');
        }
      },
    ),
  ];
}
