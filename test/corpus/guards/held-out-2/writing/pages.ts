/** Honest work: documents, many files of one kind, pages in a browser. */
import { board, parser, raster, svc } from './projects.ts';
import { honest, type Scene } from './scene.ts';
import { start } from './start.ts';

const repeat = 'loop.repeat';

const similar = 'loop.similar';

export function pages(): Scene[] {
  return [
    honest(
      'docs-links',
      'documents are written',
      repeat,
      { about: 'Pages are written, a link checker mends the rest.', in: parser },
      (run) => {
        start(run, 'write docs for the lexer', 'src/lexer.rs', 'src/lib.rs');
        for (const page of ['index', 'tokens', 'errors', 'spans'])
          run.write(`docs/${page}.md`, `# ${page}\n\nSee [lexer](lexer.md).`);
        run.fail('npx markdown-link-check docs/*.md', '  [✖] lexer.md → Status: 400', 1);
        for (const page of ['index', 'tokens', 'errors', 'spans'])
          run.edit(`docs/${page}.md`, '[lexer](lexer.md)', '[tokens](tokens.md)');
        run.sh('npx markdown-link-check docs/*.md', '  [✓] tokens.md');
      },
    ),
    honest(
      'docs-translations',
      'the same edit in many files',
      similar,
      { about: 'One key in nine languages.', in: board },
      (run) => {
        start(run, 'add the text "Archive" in all languages');
        run.glob('src/locales/*.json', ['src/locales/de.json', 'src/locales/fr.json']);
        for (const [lang, word] of [
          ['de', 'Archiv'],
          ['fr', 'Archives'],
          ['es', 'Archivo'],
          ['it', 'Archivio'],
          ['nl', 'Archief'],
          ['sv', 'Arkiv'],
          ['pl', 'Archiwum'],
          ['pt', 'Arquivo'],
        ] as const)
          run.edit(`src/locales/${lang}.json`, '"board":', `"archive": "${word}",\n  "board":`);
        run.sh('node scripts/check-locales.js', 'all locales complete');
      },
    ),
    honest(
      'licence-headers',
      'the same edit in many files',
      similar,
      { about: 'A header over fourteen files, read and edited in turn.', in: raster },
      (run) => {
        start(run, 'put the SPDX header on top of every source file');
        for (let at = 0; at < 14; at++) {
          run.read(`src/filter${at}.cpp`, `#include "filter${at}.h"`, { offset: 1, limit: 3 });
          run.edit(
            `src/filter${at}.cpp`,
            `#include "filter${at}.h"`,
            `// SPDX-License-Identifier: MIT\n#include "filter${at}.h"`,
          );
        }
        run.green(9);
      },
    ),
    honest(
      'new-files',
      'many new files of one kind',
      similar,
      { about: 'Ten new stories for ten components.', in: board },
      (run) => {
        start(run, 'a storybook story for each component', 'package.json');
        for (const name of ['Card', 'Column', 'Header', 'Avatar', 'Badge', 'Dialog', 'Menu', 'Toast', 'Tabs'])
          run.write(
            `src/${name}.stories.tsx`,
            `import { ${name} } from './${name}';\n\nexport default { component: ${name} };\nexport const Plain = {};`,
          );
        run.sh('npx storybook build -o /tmp/sb', 'info => Output directory: /tmp/sb');
      },
    ),
    honest(
      'playwright-walk',
      'pages are walked through',
      similar,
      { about: 'Navigate, look, click, look, over six pages.', in: board },
      (run) => {
        start(run, 'click through the app and report what is broken', 'src/App.tsx');
        for (const [at, page] of ['login', 'boards', 'board/1', 'settings', 'profile', 'archive'].entries()) {
          run.call(
            'mcp__playwright__browser_navigate',
            { url: `http://localhost:5173/${page}` },
            `### Page state\n- Page URL: http://localhost:5173/${page}\n- Page Title: Board`,
          );
          run.call(
            'mcp__playwright__browser_snapshot',
            {},
            `### Page state\n- heading "${page}" [ref=e${at + 2}]\n- button "Action ${at}" [ref=e${at + 9}]`,
          );
          if (at % 2 === 0)
            run.call(
              'mcp__playwright__browser_click',
              { element: `Action ${at}`, ref: `e${at + 9}` },
              `### Ran Playwright code\nawait page.getByRole('button', { name: 'Action ${at}' }).click();`,
            );
        }
      },
    ),
    honest(
      'playwright-style',
      'a style is set by eye',
      'loop.undo',
      { about: 'A margin goes 8, 16, 12, with a picture each time.', in: board },
      (run) => {
        start(run, 'the cards stick too close together, make it look good');
        for (const [old, now] of [
          ['gap: 4px', 'gap: 8px'],
          ['gap: 8px', 'gap: 16px'],
          ['gap: 16px', 'gap: 12px'],
          ['padding: 4px', 'padding: 6px'],
        ] as const) {
          run.edit('src/board.css', old, now);
          run.call(
            'mcp__playwright__browser_take_screenshot',
            {},
            `### Result\nTook the viewport screenshot and saved it as page-${run.noise.hex(8)}.png`,
          );
        }
        run.say('12 px looks balanced.');
      },
    ),
    honest(
      'vite-config',
      'a bundler is set up',
      'loop.thrash',
      { about: 'Four settings, four other complaints, then a build.', in: board },
      (run) => {
        start(run, 'split vendor code and use the proxy', 'vite.config.ts');
        for (const [old, now, out] of [
          [
            'plugins: [react()]',
            'plugins: [react()], build: { rollupOptions: { output: { manualChunks: split } } }',
            '[vite] ReferenceError: split is not defined',
          ],
          [
            'export default',
            'const split = (id: string) => id.includes("node_modules") && "vendor";\nexport default',
            "error during build: RollupError: Could not resolve './legacy' from src/App.tsx",
          ],
          [
            "import './legacy';",
            '',
            '(!) Some chunks are larger than 500 kB\nerror during build: chunk limit exceeded',
          ],
        ] as const) {
          run.edit('vite.config.ts', old, now);
          run.fail('npm run build', `> board@0.4.0 build\nvite v6.0.1 building for production...\n${out}`);
        }
        run.edit('vite.config.ts', '"vendor"', 'nameOf(id)');
        run.sh('npm run build', `✓ 312 modules transformed.\n✓ built in ${run.noise.seconds(2, 5)}s`);
      },
    ),
    honest(
      'todo-list',
      'a list is ticked off',
      repeat,
      { about: 'The list is written after each of six parts.', in: svc },
      (run) => {
        const parts = [
          'add the table',
          'write the store',
          'write the handler',
          'wire it up',
          'write tests',
          'update docs',
        ];
        start(run, 'jobs need labels', 'internal/core/queue.go');
        for (let at = 0; at < parts.length; at++) {
          run.todo(...parts.slice(at));
          run.write(`internal/labels/part${at}.go`, `package labels // ${parts[at]}`);
          run.sh('go build ./...');
        }
        run.green(0);
      },
    ),
  ];
}
