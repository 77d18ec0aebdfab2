/** The same kind of work over many things: each call is about another one. */
import type { Pattern } from './pattern.ts';
import { SUBJECTS } from './project.ts';

const LOCALES = ['de', 'fr', 'it', 'es', 'pt', 'nl', 'pl', 'cs', 'sv', 'fi', 'da', 'nb'] as const;

const newFiles: Pattern = {
  name: 'write-many-new-files',
  near: 'loop.similar',
  variants: 5,
  write(run) {
    run.prompt('Add a locale file for each language we sell in.');
    run.read('locales/en.json');
    for (const locale of LOCALES)
      run.write(
        `locales/${locale}.json`,
        `{\n  "cart.empty": "[${locale}] Your cart is empty",\n  "cart.total": "[${locale}] Total"\n}\n`,
      );
    run.bash('ls locales | wc -l', '13');
  },
};

const codemod: Pattern = {
  name: 'codemod-by-hand',
  near: 'loop.cycle',
  variants: 5,
  write(run) {
    run.prompt('Rename fetchUser to loadCustomer everywhere.');
    const files = SUBJECTS.flatMap((subject) => [run.project.source(subject), run.project.test(subject)]);
    run.bash('git grep -l fetchUser', files.join('\n'));
    for (const file of files) {
      run.read(file, 1, 12);
      run.change(file, { from: 'fetchUser(id)', to: 'loadCustomer(id)' });
    }
    run.bash('git grep -c fetchUser || true', '');
    run.test([], 40);
  },
};

const migrations: Pattern = {
  name: 'migrations-that-look-alike',
  near: 'loop.similar',
  variants: 3,
  write(run) {
    run.prompt('Each of the tables needs an updated_at column; one migration per table.');
    for (const [at, subject] of SUBJECTS.entries())
      run.write(
        `db/migrations/2026031${at}_add_updated_at_to_${subject}s.sql`,
        `ALTER TABLE ${subject}s ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();\n`,
      );
    run.bash('make migrate', SUBJECTS.map((subject) => `applied add_updated_at_to_${subject}s`).join('\n'));
  },
};

const readChunks: Pattern = {
  name: 'read-in-chunks',
  near: 'loop.repeat',
  variants: 4,
  write(run) {
    run.prompt('Where does the generated client set its timeout?');
    const file = run.project.source('customer');
    for (let from = 1; from < 700; from += 80) run.read(file, from, 80);
    run.say('It is set in the constructor, from the options.');
  },
};

const sedChunks: Pattern = {
  name: 'sed-in-chunks',
  near: 'loop.similar',
  variants: 4,
  write(run) {
    const file = 'server.log';
    run.bash(`wc -l ${file}`, `1600 ${file}`);
    for (let from = 1; from < 1600; from += 200) {
      const lines = Array.from(
        { length: 12 },
        (_, at) =>
          `${run.clock()} INFO request ${run.chance.hex(8)} GET /api/${SUBJECTS[(from + at) % 8]}/${run.chance.number(1, 999)} 200 ${run.chance.number(2, 80)}ms`,
      );
      run.bash(`sed -n '${from},${from + 199}p' ${file}`, lines.join('\n'));
    }
  },
};

const listings: Pattern = {
  name: 'list-similar-folders',
  near: 'loop.similar',
  variants: 4,
  write(run) {
    run.prompt('What is in each of the packages?');
    for (const subject of SUBJECTS)
      run.bash(`ls packages/${subject}`, 'README.md\npackage.json\nsrc\ntest\ntsconfig.json');
    run.say('Eight packages, all of the same layout.');
  },
};

const manifests: Pattern = {
  name: 'read-similar-manifests',
  near: 'loop.similar',
  variants: 3,
  write(run) {
    for (const subject of SUBJECTS)
      run.bash(
        `cat packages/${subject}/package.json`,
        `{\n  "name": "@shop/${subject}",\n  "version": "2.4.${run.chance.number(0, 9)}",\n  "type": "module",\n  "scripts": { "build": "tsc -b", "test": "vitest run" },\n  "dependencies": { "@shop/core": "workspace:*" }\n}`,
      );
    run.edit(run.project.source('price'));
  },
};

const emptySearches: Pattern = {
  name: 'searches-without-results',
  near: 'loop.repeat',
  variants: 4,
  healing: true,
  write(run) {
    run.prompt('Who calls the old tax service?');
    const words = [
      'TaxService',
      'tax_service',
      'taxService',
      'TAX_URL',
      'taxes.example.com',
      'VatClient',
      'computeTax',
    ];
    for (const word of words.slice(0, 5 + (run.variant % 3))) run.fails(`git grep -n '${word}' -- .`, '');
    run.bash("git grep -n 'levy' -- .", `${run.project.source('invoice')}:31: levy.quote(total)`);
    run.read(run.project.source('invoice'));
  },
};

const explore: Pattern = {
  name: 'explore-a-new-repository',
  near: 'loop.similar',
  variants: 4,
  healing: true,
  write(run) {
    const { project } = run;
    run.prompt('Give me an overview of this code base.');
    run.bash('ls', 'README.md\nLICENSE\nMakefile\nsrc\ntest');
    run.bash(
      'git log --oneline -5',
      Array.from({ length: 5 }, (_, at) => `${run.chance.hex(7)} Change ${SUBJECTS[at]}`).join('\n'),
    );
    run.read('README.md');
    for (const subject of SUBJECTS.slice(0, 6)) {
      run.read(project.source(subject), 1, 30);
      run.bash(`git grep -n '${subject}' -- '*.md' | head -5`, `README.md:${run.chance.number(10, 90)}: ${subject}`);
    }
    run.say('It is a shop with eight modules; the totals meet in invoice.');
  },
};

const endpoints: Pattern = {
  name: 'ask-many-records',
  near: 'loop.similar',
  variants: 4,
  write(run) {
    run.prompt('Which of these orders have the wrong total?');
    for (let id = 4000 + run.variant * 20; id < 4011 + run.variant * 20; id += 1)
      run.bash(
        `curl -s http://127.0.0.1:3000/api/orders/${id}`,
        `{"id":${id},"status":"paid","lines":${run.chance.number(1, 6)},"total":${run.chance.number(900, 90_000)},"currency":"EUR"}`,
      );
    run.say('Two of them: the ones with six lines.');
  },
};

const queries: Pattern = {
  name: 'database-questions',
  near: 'loop.similar',
  variants: 3,
  write(run) {
    for (const subject of SUBJECTS)
      run.bash(
        `psql -c "select count(*) from ${subject}s where updated_at is null"`,
        ` count \n-------\n ${run.chance.number(0, 40)}\n(1 row)`,
      );
    run.bash('psql -c "update coupons set updated_at = now() where updated_at is null"', 'UPDATE 17');
  },
};

const logTriage: Pattern = {
  name: 'follow-request-ids',
  near: 'loop.similar',
  variants: 4,
  healing: true,
  write(run) {
    const ids = Array.from({ length: 8 }, () => run.chance.hex(12));
    run.bash("grep -c 'ERROR' server.log", '8');
    run.bash("grep 'ERROR' server.log | cut -d' ' -f4", ids.join('\n'));
    for (const [at, id] of ids.entries())
      run.bash(
        `grep ${id} server.log`,
        `${run.clock()} INFO req ${id} POST /api/checkout\n${run.clock()} INFO req ${id} customer ${run.chance.number(100, 999)}\n${run.clock()} ERROR req ${id} timeout after ${run.chance.number(3000, 3200)}ms in ${SUBJECTS[at]}`,
      );
    run.read(run.project.source('shipping'));
  },
};

const upgrades: Pattern = {
  name: 'upgrade-one-package-after-the-other',
  near: 'loop.cycle',
  variants: 3,
  write(run) {
    run.prompt('Upgrade the dependencies one by one and run the tests after each.');
    for (const name of ['zod', 'undici', 'pino', 'fastify', 'luxon', 'ioredis']) {
      run.bash(
        `npm install ${name}@latest`,
        `changed ${run.chance.number(1, 9)} packages, and audited ${run.chance.number(410, 440)} packages in ${run.chance.number(2, 9)}s\n\nfound 0 vulnerabilities`,
      );
      run.write('package-lock.json', `{ "${name}": "${run.chance.number(4, 9)}.${run.chance.number(0, 30)}.0" }`);
      run.test([], 40);
      run.bash(`git commit -qam "Upgrade ${name}"`, '');
    }
  },
};

const snapshots: Pattern = {
  name: 'update-snapshots',
  near: 'loop.cycle',
  variants: 3,
  write(run) {
    run.prompt('The date format changed on purpose. Update the snapshots, package by package.');
    for (const subject of SUBJECTS.slice(0, 6)) {
      run.fails(
        `npx vitest run packages/${subject}`,
        ` FAIL  packages/${subject}/test/view.test.ts > view > renders\nError: Snapshot \`view > renders 1\` mismatched\n\n Snapshots  1 failed\n      Tests  1 failed | ${run.chance.number(4, 9)} passed`,
      );
      run.bash(
        `npx vitest run packages/${subject} -u`,
        ` Snapshots  1 updated\n      Tests  ${run.chance.number(5, 10)} passed`,
      );
      run.restored(`packages/${subject}/test/__snapshots__/view.test.ts.snap`);
      run.bash(
        `git diff --stat packages/${subject}`,
        ` packages/${subject}/test/__snapshots__/view.test.ts.snap | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)`,
      );
    }
  },
};

export const BATCHES: readonly Pattern[] = [
  newFiles,
  codemod,
  migrations,
  readChunks,
  sedChunks,
  listings,
  manifests,
  emptySearches,
  explore,
  endpoints,
  queries,
  logTriage,
  upgrades,
  snapshots,
];
