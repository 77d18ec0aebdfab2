/** Runs that go through the same short round of calls again and again. */
import { circle, type Run, type Written } from './kit.ts';

export function circlingRounds(): Written[] {
  return [...rounds(), ...probes(), ...afterCompaction()];
}

/** Goes through the calls again and again; both marks stand at the end of a round. */
function again(run: Run, rounds: number, fair: number, late: number, round: (at: number) => void): void {
  for (let at = 1; at <= rounds; at++) {
    round(at);
    run.mark(at, fair, late);
  }
}

function rounds(): Written[] {
  const pattern = 'the same short round of looks or clicks';
  const after = 'OpenHands/OpenHands issue 8269';
  return [
    circle(
      'loop.cycle',
      { file: 'round-browser-two', pattern, after, about: 'click and snapshot, the dialog never opens' },
      (run) => {
        run.ask('Does the invoice dialog open on staging?');
        run.call(
          'mcp__playwright__browser_navigate',
          { url: 'http://localhost:3000/invoices' },
          'Page URL: http://localhost:3000/invoices\nPage Title: Invoices',
        );
        again(run, 7, 2, 4, () => {
          run.call(
            'mcp__playwright__browser_click',
            { element: 'New invoice button', ref: 'e31' },
            "await page.getByRole('button', { name: 'New invoice' }).click();",
          );
          run.call(
            'mcp__playwright__browser_snapshot',
            {},
            '- heading "Invoices" [level=1] [ref=e4]\n- button "New invoice" [ref=e31]\n- table [ref=e40]: no rows',
          );
        });
      },
    ),
    circle(
      'loop.cycle',
      {
        file: 'round-browser-five',
        pattern,
        after,
        about: 'navigate, wait, type, press, snapshot: the list stays empty',
      },
      (run) => {
        run.ask('find out why the search shows nothing');
        again(run, 5, 2, 3, () => {
          run.call(
            'mcp__playwright__browser_navigate',
            { url: 'http://localhost:4000/search' },
            'Page URL: http://localhost:4000/search',
          );
          run.call('mcp__playwright__browser_wait_for', { time: 2 }, 'Waited for 2');
          run.call(
            'mcp__playwright__browser_type',
            { element: 'Search box', ref: 'e9', text: 'lamp' },
            "await page.getByRole('searchbox').fill('lamp');",
          );
          run.call('mcp__playwright__browser_press_key', { key: 'Enter' }, "await page.keyboard.press('Enter');");
          run.call('mcp__playwright__browser_snapshot', {}, '- searchbox "lamp" [ref=e9]\n- paragraph: Nothing found');
        });
      },
    ),
    circle(
      'loop.cycle',
      {
        file: 'round-orientation',
        pattern,
        about: 'ls, git status, cat of the same files, with a text before each round',
      },
      (run) => {
        run.ask('Continue with the migration to Gradle version catalogs.');
        again(run, 6, 2, 3, (at) => {
          run.say(['Let me get an overview.', 'First I look at where we are.', 'Let me orient myself.'][at % 3] ?? '');
          run.bash('ls', 'app\nbuild.gradle.kts\ngradle\nsettings.gradle.kts');
          run.bash('git status --short', ' M build.gradle.kts');
          run.read('build.gradle.kts', 'plugins {\n    alias(libs.plugins.kotlin.jvm) apply false\n}');
        });
      },
    ),
    circle(
      'loop.cycle',
      {
        file: 'round-three-greps',
        workBefore: 9,
        pattern,
        about: 'three greps in turn, parallel calls, twelve rounds',
      },
      (run) => {
        run.read('lib/router.ex', 'defmodule Shop.Router do\n  use Plug.Router\nend');
        again(run, 12, 2, 3, () => {
          run.grep('plug :auth', 'No matches found', { path: 'lib' });
          run.grep('def auth', 'lib/shop/plugs/auth.ex:4:  def auth(conn, _opts) do', {
            path: 'lib',
            output_mode: 'content',
          });
          run.grep('import Shop.Plugs.Auth', 'No matches found', { path: 'lib' });
        });
      },
    ),
  ];
}

function probes(): Written[] {
  const pattern = 'start, probe, stop, start again';
  return [
    circle(
      'loop.cycle',
      {
        file: 'probe-compose',
        workBefore: 4,
        pattern,
        about: 'compose up, curl, down; ids and times differ in every round',
      },
      (run) => {
        run.ask('the gateway answers 502, please fix');
        again(run, 6, 2, 3, () => {
          run.bash(
            'docker compose up -d gateway',
            ` Network app_default  Creating\n Network app_default  Created\n Container app-gateway-1  Started in ${run.seconds(0, 2)}s`,
          );
          run.red(
            'curl -si localhost:8443/',
            `HTTP/1.1 502 Bad Gateway\nDate: Fri, 06 Mar 2026 10:${run.number(10, 59)}:${run.number(10, 59)} GMT\nx-request-id: ${run.hex(32)}`,
            22,
          );
          run.bash('docker compose down', ' Container app-gateway-1  Removed\n Network app_default  Removed');
        });
      },
    ),
    circle(
      'loop.cycle',
      {
        file: 'probe-simulator',
        pattern,
        about: 'boot, install, launch: the app on the simulator crashes each time, other pids',
      },
      (run) => {
        run.edit(
          'Sources/App/Root.swift',
          'var body: some View { list }',
          'var body: some View { NavigationStack { list } }',
        );
        again(run, 6, 2, 3, () => {
          run.bash(
            'xcrun simctl boot "iPhone 16" || true',
            'An error was encountered processing the command: Unable to boot device in current state: Booted',
          );
          run.bash('xcrun simctl install booted build/App.app', '');
          run.bash(
            'xcrun simctl launch --console booted com.example.app',
            `com.example.app: ${run.number(10000, 99999)}\ndyld[${run.number(10000, 99999)}]: Library not loaded: @rpath/Charts.framework/Charts`,
          );
        });
      },
    ),
    circle(
      'loop.cycle',
      { file: 'probe-cache-clear', pattern, about: 'clear the cache, build, the same wrong page: two calls' },
      (run) => {
        run.ask('the footer still shows 2024');
        again(run, 7, 2, 4, () => {
          run.bash(
            'rm -rf .next && pnpm build 2>&1 | tail -2',
            `✓ Compiled successfully in ${run.seconds(8, 14)}s\n✓ Generating static pages (14/14)`,
          );
          run.bash('grep -o "© 20.." .next/server/app/index.html', '© 2024');
        });
      },
    ),
  ];
}

function afterCompaction(): Written[] {
  const pattern = 'the same files after every compaction, and nothing made of them';
  const after = 'anomalyco/opencode issue 37871';
  const big = (word: string) =>
    Array.from({ length: 40 }, (_, at) => `    private final ${word}${at} field${at};`).join('\n');
  const story = (about: string, file: string, names: string[], rounds: number) =>
    circle('loop.cycle', { file, pattern, after, about }, (run) => {
      run.ask('Split the order service into read and write side.');
      again(run, rounds, 3, 5, () => {
        for (const name of names) run.read(`src/main/java/shop/${name}.java`, big(name));
        run.compact();
      });
    });
  return [
    story(
      'four services read, compacted, read again: six times',
      'compacted-four-services',
      ['OrderService', 'OrderController', 'PaymentService', 'StockService'],
      6,
    ),
    story(
      'two services read, compacted, read again: seven times',
      'compacted-two-services',
      ['LedgerService', 'LedgerRepository'],
      7,
    ),
  ];
}
