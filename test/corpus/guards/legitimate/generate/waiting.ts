/** Waiting for something that goes on by itself: the call is the same each time, the answer is not. */
import type { Pattern } from './pattern.ts';

const STAGES = ['resolve', 'compile', 'bundle', 'optimise', 'link', 'sign', 'pack', 'upload'] as const;

const buildLog: Pattern = {
  name: 'wait-build-log',
  near: 'loop.repeat',
  variants: 5,
  write(run) {
    run.prompt('Start the release build in the background and tell me when it is done.');
    run.bash('make release > build.log 2>&1 &', '');
    const log: string[] = [];
    for (const [at, stage] of STAGES.entries()) {
      log.push(`${run.clock()} [${at + 1}/${STAGES.length}] ${stage}`);
      for (let part = 0; part < run.chance.number(1, 4); part += 1)
        log.push(
          `${run.clock()}   ${stage} ${run.project.source(['price', 'cart', 'stock', 'refund'][part] ?? 'price')}`,
        );
      run.bash('sleep 20; tail -n 5 build.log', log.slice(-5).join('\n'));
    }
    log.push(`${run.clock()} release finished`);
    run.bash('sleep 20; tail -n 5 build.log', log.slice(-5).join('\n'));
    run.say('The release build is done.');
  },
};

const ciRun: Pattern = {
  name: 'wait-ci-run',
  near: 'loop.repeat',
  variants: 4,
  write(run) {
    const id = run.chance.number(9_000_000, 9_999_999);
    const jobs = ['lint', 'unit', 'integration', 'package'];
    run.bash(
      'git push origin feature/totals',
      `To origin\n   ${run.chance.hex(7)}..${run.chance.hex(7)}  feature/totals -> feature/totals`,
    );
    for (let done = 0; done <= jobs.length; done += 1) {
      const lines = jobs.map((job, at) =>
        at < done ? `✓ ${job} in ${run.chance.number(20, 180)}s` : at === done ? `* ${job}` : `- ${job} (waiting)`,
      );
      const state = done === jobs.length ? '✓' : '*';
      run.bash(
        `sleep 60 && gh run view ${id}`,
        `${state} feature/totals CI · ${id}\nTriggered via push about ${done + 1} minutes ago\n\nJOBS\n${lines.join('\n')}`,
      );
    }
    run.say('CI is green.');
  },
};

const containerHealthy: Pattern = {
  name: 'wait-container-healthy',
  near: 'loop.repeat',
  variants: 3,
  write(run) {
    const id = run.chance.hex(12);
    run.bash('docker compose up -d db', ' Container app-db-1  Created\n Container app-db-1  Started');
    const states = ['health: starting', 'health: starting', 'healthy'];
    for (const [at, state] of states.entries())
      run.bash(
        "docker ps --filter name=db --format '{{.ID}} {{.Image}} {{.Status}}'",
        `${id} postgres:16 Up ${3 + at * 6} seconds (${state})`,
      );
    run.bash('docker compose exec -T db psql -U app -c "select 1"', ' ?column? \n----------\n        1\n(1 row)');
    run.test([], 40);
  },
};

const httpHealth: Pattern = {
  name: 'wait-http-health',
  near: 'loop.repeat',
  variants: 4,
  write(run) {
    const port = run.chance.number(3000, 9000);
    run.bash(`node server.js > server.log 2>&1 & echo started`, 'started');
    const ask = `curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:${port}/health`;
    run.fails(ask, '000', 7);
    run.fails(ask, '000', 7);
    run.bash('tail -n 3 server.log', `${run.clock()} loading config\n${run.clock()} connecting to the database`);
    run.bash(ask, '503');
    run.bash(
      'tail -n 3 server.log',
      `${run.clock()} connecting to the database\n${run.clock()} running 3 migrations\n${run.clock()} migration 2 of 3`,
    );
    run.bash(ask, '503');
    run.bash(ask, '200');
    run.bash(`curl -s http://127.0.0.1:${port}/health`, '{"status":"ok","database":"ok","queue":"ok"}');
  },
};

const counter: Pattern = {
  name: 'poll-counter',
  near: 'loop.similar',
  variants: 5,
  write(run) {
    const total = run.chance.number(300, 9000);
    run.bash('python scripts/import_orders.py --file orders.csv > import.log 2>&1 &', '');
    let done = 0;
    while (done < total) {
      run.bash(
        'sleep 30; tail -n 1 import.log',
        `${run.clock()} imported ${done}/${total} orders (${Math.round((done / total) * 100)}%)`,
      );
      done += Math.ceil(total / run.chance.number(7, 12));
    }
    run.bash('sleep 30; tail -n 1 import.log', `${run.clock()} imported ${total}/${total} orders (100%), 0 rejected`);
  },
};

const queueDrain: Pattern = {
  name: 'wait-queue-drain',
  near: 'loop.similar',
  variants: 3,
  write(run) {
    run.prompt('Wait until the mail queue is empty before you deploy.');
    for (let depth = run.chance.number(800, 2400); depth > 0; depth -= run.chance.number(180, 420))
      run.bash('curl -s http://127.0.0.1:15672/api/queues/%2F/mail | jq .messages', String(depth));
    run.bash('curl -s http://127.0.0.1:15672/api/queues/%2F/mail | jq .messages', '0');
    run.bash('make deploy', `deployed ${run.chance.hex(8)} to staging`);
  },
};

const rollout: Pattern = {
  name: 'wait-rollout',
  near: 'loop.similar',
  variants: 4,
  write(run) {
    const hash = run.chance.hex(9);
    const names = [run.chance.hex(5), run.chance.hex(5), run.chance.hex(5)];
    run.bash('kubectl apply -f deploy/web.yaml', 'deployment.apps/web configured');
    for (let ready = 0; ready <= names.length; ready += 1) {
      const rows = names.map(
        (name, at) =>
          `web-${hash}-${name}   ${at < ready ? '1/1     Running            ' : '0/1     ContainerCreating  '} 0          ${12 + ready * 9}s`,
      );
      run.bash(
        'kubectl get pods -l app=web',
        `NAME                   READY   STATUS              RESTARTS   AGE\n${rows.join('\n')}`,
      );
    }
    run.bash('kubectl rollout status deployment/web', 'deployment "web" successfully rolled out');
  },
};

const download: Pattern = {
  name: 'wait-download',
  near: 'loop.similar',
  variants: 3,
  write(run) {
    run.bash('curl -sLO https://example.com/data/places.tar.gz &', '');
    let size = 0;
    for (let at = 0; at < run.chance.number(6, 9); at += 1) {
      size += run.chance.number(40_000_000, 190_000_000);
      run.bash(
        'sleep 15; ls -l places.tar.gz',
        `-rw-r--r-- 1 ada ada ${size} Mar 11 ${run.clock().slice(0, 5)} places.tar.gz`,
      );
    }
    run.bash('tar -tzf places.tar.gz | wc -l', '1204');
  },
};

const background: Pattern = {
  name: 'background-output',
  near: 'loop.repeat',
  variants: 3,
  write(run) {
    const { project, chance } = run;
    run.call(
      'Bash',
      { command: `${project.testCommand} --slow`, run_in_background: true },
      'Command running in background with ID: bash_1',
    );
    const subjects = ['price', 'cart', 'invoice', 'stock', 'refund', 'customer'];
    for (const subject of subjects)
      run.call(
        'BashOutput',
        { bash_id: 'bash_1' },
        `<status>running</status>\n\n<stdout>\n${project.test(subject)} ... ${chance.number(8, 20)} passed (${chance.number(9, 31)}.${chance.number(0, 9)} s)\n</stdout>`,
      );
    run.call(
      'BashOutput',
      { bash_id: 'bash_1' },
      '<status>completed</status>\n\n<exit_code>0</exit_code>\n\n<stdout>\nall suites passed\n</stdout>',
    );
  },
};

const certificate: Pattern = {
  name: 'wait-dns-and-certificate',
  near: 'loop.cycle',
  variants: 3,
  write(run) {
    const states = [
      'Pending: waiting for the DNS record',
      'Pending: DNS record found, checking',
      'Issuing: order created',
      'Issuing: challenge accepted',
      'Ready: certificate issued',
    ];
    for (const [at, state] of states.entries()) {
      run.bash('dig +short shop.example.com', at === 0 ? '' : '203.0.113.7');
      run.bash("kubectl get certificate shop -o jsonpath='{.status}'", state);
    }
    run.bash('curl -sI https://shop.example.com | head -1', 'HTTP/2 200');
  },
};

/** A long one-off job, looked at by two commands in turn. */
const backfill: Pattern = {
  name: 'watch-backfill',
  near: 'loop.cycle',
  variants: 4,
  write(run) {
    let rows = run.chance.number(10_000, 60_000);
    const goal = rows * run.chance.number(4, 6);
    run.bash('psql -c "call backfill_totals()" > backfill.log 2>&1 &', '');
    while (rows < goal) {
      run.bash('psql -tAc "select count(*) from orders where total is not null"', String(rows));
      run.bash(
        'tail -n 2 backfill.log',
        `NOTICE:  batch ${Math.round(rows / 1000)} done\nNOTICE:  batch ${Math.round(rows / 1000) + 1} started`,
      );
      rows += run.chance.number(Math.floor(goal / 12), Math.floor(goal / 6));
    }
    run.bash('psql -tAc "select count(*) from orders where total is null"', '0');
  },
};

export const WAITING: readonly Pattern[] = [
  buildLog,
  ciRun,
  containerHealthy,
  httpHealth,
  counter,
  queueDrain,
  rollout,
  download,
  background,
  certificate,
  backfill,
];
