/** Honest work: servers, pods, hosts, releases. */
import { billing, crm, ledger, type Project, parser, shop, svc } from './projects.ts';
import { honest, type Scene } from './scene.ts';
import { start } from './start.ts';

const repeat = 'loop.repeat';

const similar = 'loop.similar';

const cycle = 'loop.cycle';

export function operating(): Scene[] {
  const serving = (
    file: string,
    project: Project,
    startCommand: string,
    turns: readonly (readonly [string, string, string])[],
    path: string,
  ) =>
    honest(
      file,
      'edit, start again, ask',
      cycle,
      { about: 'A server is restarted after each edit; the answer gets better.', in: project },
      (run) => {
        start(run, 'make the endpoint answer as in the spec', path);
        for (const [old, now, answer] of turns) {
          run.edit(path, old, now);
          run.sh(startCommand, 'restarted');
          run.sh('curl -s localhost:8080/jobs', answer);
        }
      },
    );
  return [
    serving(
      'serve-go',
      svc,
      'kill %1; go build -o bin/api ./cmd/api && ./bin/api & sleep 1; echo restarted',
      [
        ['listJobs', 'jobs.List', 'null'],
        ['return nil', 'return []Job{}', '[]'],
        ['[]Job{}', 'q.All()', '[{"ID":1}]'],
        ['ID int', 'ID int `json:"id"`', '[{"id":1}]'],
      ],
      'cmd/api/main.go',
    ),
    serving(
      'serve-express',
      shop,
      'kill $(cat .pid); (npx tsx src/server.ts & echo $! > .pid); sleep 1; echo restarted',
      [
        ["'/health'", "'/jobs'", '{"ok":true}'],
        ['{ ok: true }', '[]', '[]'],
        ['res.json([])', 'res.json(await all())', '{"error":"all is not a function"}'],
        ['import express', "import { all } from './jobs';\nimport express", '[{"id":1,"state":"new"}]'],
      ],
      'src/server.ts',
    ),
    honest(
      'crashloop',
      'a pod that does not start is looked into',
      similar,
      { about: 'describe, logs, a secret is missing, fixed.', in: svc },
      (run) => {
        start(run, 'api on staging is in CrashLoopBackOff');
        run.sh('kubectl -n staging get pods', 'api-7d9-abcde   0/1   CrashLoopBackOff   6 (21s ago)   9m');
        run.sh(
          'kubectl -n staging describe pod api-7d9-abcde | tail -n 8',
          'Warning  BackOff  21s (x32 over 8m)  kubelet  Back-off restarting failed container',
        );
        run.sh('kubectl -n staging logs api-7d9-abcde --previous', `${run.noise.now()} FATAL missing env DATABASE_URL`);
        run.sh('kubectl -n staging get secret api -o jsonpath={.data} | jq keys', '["REDIS_URL"]');
        run.edit('deploy/secret.yaml', 'REDIS_URL: x', 'REDIS_URL: x\n  DATABASE_URL: y');
        run.sh('kubectl -n staging apply -f deploy/secret.yaml', 'secret/api configured');
        run.sh(
          'kubectl -n staging rollout restart deploy/api && kubectl -n staging rollout status deploy/api',
          'deployment "api" successfully rolled out',
        );
        run.sh('kubectl -n staging get pods', 'api-86c-fghij   1/1   Running   0   14s');
      },
    ),
    honest(
      'pods-logs',
      'the same question to many things',
      similar,
      { about: 'The last lines of eight pods.', in: billing },
      (run) => {
        start(run, 'check the logs of all pods for errors');
        for (let at = 0; at < 8; at++)
          run.sh(
            `kubectl logs billing-${at} --tail 2`,
            `${run.noise.now()} INFO Started BillingApplication in ${run.noise.seconds(3, 9)} seconds\n${run.noise.now()} INFO Listening on 8080`,
          );
      },
    ),
    honest(
      'hosts-ssh',
      'the same question to many things',
      similar,
      { about: 'Free space on seven hosts; one is full.', in: crm },
      (run) => {
        start(run, 'which of web1..web7 is out of disk?');
        for (let at = 1; at <= 7; at++)
          run.sh(
            `ssh web${at} df -h /`,
            `Filesystem      Size  Used Avail Use% Mounted on\n/dev/sda1        40G   ${at === 5 ? '40' : run.noise.int(10, 19)}G   ${at === 5 ? '0' : 20}G  ${at === 5 ? 100 : run.noise.int(30, 50)}% /`,
          );
        run.sh('ssh web5 "du -sh /var/log/* | sort -h | tail -n 3"', '33G\t/var/log/nginx');
      },
    ),
    honest(
      'setup-python',
      'a machine is set up',
      similar,
      { about: 'Python, venv, headers, packages; other errors on the way.', in: ledger },
      (run) => {
        start(run, 'set this project up on this machine', 'pyproject.toml');
        run.fail(
          'python -m venv .venv',
          'The virtual environment was not created successfully because ensurepip is not available.',
        );
        run.sh('sudo apt-get install -y python3.12-venv', 'Setting up python3.12-venv (3.12.3-1ubuntu0.5) ...');
        run.sh('python -m venv .venv');
        run.fail('.venv/bin/pip install -e .', 'Error: pg_config executable not found.');
        run.sh('sudo apt-get install -y libpq-dev', 'Setting up libpq-dev (16.8) ...');
        run.fail(
          '.venv/bin/pip install -e .',
          "error: command 'x86_64-linux-gnu-gcc' failed: No such file or directory",
        );
        run.sh('sudo apt-get install -y build-essential', 'Setting up build-essential (12.10) ...');
        run.sh('.venv/bin/pip install -e .', 'Successfully installed ledger-0.3.0');
        run.green(42, '.venv/bin/python -m pytest -q');
      },
    ),
    honest('release', 'a release is made', repeat, { about: 'Version, changelog, tag, build.', in: parser }, (run) => {
      start(run, 'prepare release 1.5.0', 'Cargo.toml');
      run.edit('Cargo.toml', 'version = "1.4.0"', 'version = "1.5.0"');
      run.sh('git log --oneline v1.4.0..HEAD', 'a1b2c3d Lex hex numbers\nd4e5f6a Keep spaces');
      run.read('CHANGELOG.md', '# Changelog\n\n## 1.4.0');
      run.edit('CHANGELOG.md', '## 1.4.0', '## 1.5.0\n\n- hex numbers\n\n## 1.4.0');
      run.green(36);
      run.sh('cargo package --list', 'Cargo.toml\nCHANGELOG.md\nsrc/lib.rs');
      run.sh('git commit -qam "Release 1.5.0" && git tag v1.5.0');
    }),
  ];
}
