/** Honest work: names changed in many files, small steps with green tests. */
import { billing, board, forum, ledger, type Project, raster, svc } from './projects.ts';
import { honest, type Scene } from './scene.ts';
import { start } from './start.ts';

export function refactoring(): Scene[] {
  const rename = (file: string, project: Project, old: string, now: string, paths: readonly string[], passed: number) =>
    honest(
      file,
      'a name is changed in many files',
      'loop.repeat',
      { about: `${old} becomes ${now} in ${paths.length} files, by hand.`, in: project, trees: passed % 3 === 0 },
      (run) => {
        start(run, `rename ${old} to ${now} everywhere`);
        run.grep(old, paths.map((path, at) => `${path}:${at * 3 + 2}:  ${old}(`).join('\n'));
        for (const [at, path] of paths.entries()) {
          if (at % 3 === 0) run.read(path, `// ${path}\n${old}(input)`);
          run.edit(path, `${old}(`, `${now}(`);
        }
        run.green(passed);
        run.grep(old, 'No matches found');
      },
    );
  const safe = (
    file: string,
    project: Project,
    steps: readonly (readonly [string, string, string])[],
    passed: number,
  ) =>
    honest(
      file,
      'refactoring with a green test after each step',
      'loop.repeat',
      { about: 'Every small step ends in the same green report.', in: project },
      (run) => {
        start(run, 'split this up, run the tests after each step', Object.keys(project.files)[1] ?? '');
        run.green(passed);
        for (const [path, old, now] of steps) {
          run.edit(path, old, now);
          run.green(passed);
        }
        run.sh('git commit -qam "Split it up"');
      },
    );
  const names = (folder: string, ext: string, words: string) =>
    words.split(' ').map((word) => `${folder}/${word}.${ext}`);
  return [
    rename(
      'rename-ts',
      board,
      'fetchCards',
      'loadCards',
      names('src/views', 'tsx', 'Board Column Card Filter Search Archive Trash Header Settings Import Export Print'),
      41,
    ),
    rename(
      'rename-go',
      svc,
      'NewJob',
      'MakeJob',
      names(
        'internal',
        'go',
        'core/queue core/retry api/jobs api/admin store/pg store/mem cmd/seed worker/run worker/pool',
      ),
      0,
    ),
    rename(
      'rename-java',
      billing,
      'getTotal',
      'getGross',
      names('src/main/java/org/example', 'java', 'A Invoice Offer Reminder Credit Export Mail Pdf Job Line'),
      50,
    ),
    safe(
      'steps-green-ruby',
      forum,
      [
        ['app/services/notifier.rb', 'def call(post)', 'def call(post, mailer: PostMailer)'],
        ['app/services/notifier.rb', 'PostMailer.new_reply', 'mailer.new_reply'],
        ['app/services/notifier.rb', 'post.watchers.each', 'recipients(post).each'],
        ['app/models/post.rb', 'belongs_to :author', 'belongs_to :author, optional: false'],
        [
          'app/services/notifier.rb',
          'end\nend',
          'end\n\n  private\n\n  def recipients(post) = post.watchers - [post.author]\nend',
        ],
      ],
      44,
    ),
    safe(
      'steps-green-python',
      ledger,
      Array.from({ length: 7 }, (_, at) => ['ledger/report.py', `def part${at}(`, `def _part${at}(`] as const),
      42,
    ),
    safe(
      'steps-green-cpp',
      raster,
      Array.from(
        { length: 6 },
        (_, at) => [`src/filter${at}.cpp`, 'image.pixels[y * image.width + x]', 'image.at(x, y)'] as const,
      ),
      9,
    ),
  ];
}
