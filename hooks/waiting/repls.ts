/**
 * Programs that talk with a person when they are given nothing to run. With the closed input of the agent's shell most
 * of them end at once, having done nothing.
 */
import { type Call, type Family, named } from './rule.ts';

const none = (call: Call) => call.operands.length === 0;
const SQL = 'Give it the statement: {as} ';

export const REPLS: Family = {
  kind: 'person',
  answerable: true,
  rules: [
    {
      programs: ['node', 'nodejs'],
      valued: ['-r', '--require', '--import', '--loader', '--experimental-loader', '-C', '--conditions', '--env-file'],
      when: (call) =>
        (none(call) &&
          !call.has('-e', '-p', '--eval', '--print', '-pe', '-v', '-c', '--check', '--run', '--test', '-h')) ||
        call.operands[0] === 'inspect',
      why: 'talks with a person',
      instead: "Use node FILE, or node -e 'CODE' that only prints.",
    },
    {
      programs: ['python', 'pypy'],
      valued: ['-c', '-m', '-W', '-X'],
      when: (call) => none(call) && !call.has('-c', '-m', '-V', '-VV', '-h'),
      why: 'talks with a person',
      instead: "Use python3 FILE, or python3 -c 'CODE' that only prints.",
    },
    {
      programs: named('ipython, bpython, ptpython, tsx, ts-node, lua, luajit, julia, ghci, groovysh, amm'),
      valued: ['-c', '-e', '--eval', '-i', '-m', '-p', '--print', '-E'],
      when: (call) => none(call) && !call.has('-c', '-e', '--eval', '-m', '-v', '-p', '--print', '-E'),
      why: 'talks with a person',
      instead: 'Use {as} FILE.',
    },
    {
      programs: named('irb, pry, jshell, scala, clj, lein repl, erl, gnuplot, octave, ocaml, utop, sbcl, swipl'),
      valued: ['-e', '--execute', '--eval', '-g', '--load', '-s', '-r'],
      when: (call) =>
        none(call) &&
        !call.has('-e', '--execute', '--eval', '--script', '--load', '-noshell', '-g', '--non-interactive'),
      why: 'talks with a person',
      instead: 'Give it a file to run.',
    },
    {
      programs: ['sbt', 'R', 'php', 'deno', 'bun'],
      valued: ['-e', '-f', '-r'],
      when: ({ invocation, has, args }) =>
        invocation.program === 'php'
          ? has('-a', '--interactive')
          : invocation.program === 'bun'
            ? false
            : args.length === 0 ||
              (invocation.program === 'R' &&
                !has('-e', '-f') &&
                !args.includes('CMD') &&
                args.every((arg) => /^--(no-|vanilla|quiet|silent|slave)/.test(arg) || arg === '-q')),
      why: 'talks with a person',
      instead: 'Give it a file or a task to run.',
    },
    {
      programs: named(`
        deno repl, bun repl, rails console, rails c, rails dbconsole, rails db, php artisan tinker, dotnet fsi,
        cargo evcxr, flask shell, heroku run bash, scala repl, clojure
      `),
      when: (call) => call.args.length === 0 || /^(rails|flask)$/.test(call.invocation.program),
      why: 'talks with a person',
      instead: 'Use a script: `rails runner CODE`, `deno run FILE`.',
    },
    {
      programs: ['python'],
      when: (call) =>
        /(^|\/)manage\.py$/.test(call.operands[0] ?? '') &&
        /^(shell|shell_plus|dbshell)$/.test(call.operands[1] ?? '') &&
        !call.has('-c', '--command'),
      why: 'runs a shell that talks with a person',
      instead: "Use python3 manage.py shell -c 'CODE' that only prints.",
    },
    {
      programs: ['psql'],
      valued: named('-h, -p, -U, -d, -f, -c, -v, -F, -R, -o, -P, -T, --host, --port, --username, --dbname'),
      when: (call) => !call.has('-c', '--command', '-f', '--file', '-l', '--list', '-V'),
      why: 'talks with a person',
      instead: `${SQL}-w -c 'SELECT …'.`,
    },
    {
      programs: named('mysql, mariadb, mycli, clickhouse-client, clickhouse client, cqlsh, pgcli, snowsql, usql'),
      valued: ['-h', '-P', '-u', '-D', '-e', '-f', '-q', '--host', '--user', '--query'],
      when: (call) =>
        !call.has('-e', '--execute', '-q', '--query', '-f', '--file', '-c', '--command', '--queries-file'),
      why: 'talks with a person',
      instead: `${SQL}-e 'SELECT …' (clickhouse-client --query, usql -c).`,
    },
    {
      programs: ['sqlite3', 'duckdb', 'sqlite'],
      valued: ['-cmd', '-init', '-separator', '-nullvalue', '-newline', '-c'],
      when: (call) => call.operands.length < 2 && !call.has('-c', '-cmd', '-init'),
      why: 'talks with a person',
      instead: `${SQL}FILE 'SELECT …'.`,
    },
    {
      programs: ['mongosh', 'mongo'],
      valued: ['--host', '--port', '-u', '-p', '--eval', '-f', '--file', '--username', '--password'],
      when: (call) => !call.has('--eval', '-f', '--file') && !call.operands.some((operand) => operand.endsWith('.js')),
      why: 'talks with a person',
      instead: `${SQL}--quiet --eval 'CODE'.`,
    },
    {
      programs: ['redis-cli', 'valkey-cli'],
      valued: ['-h', '-p', '-a', '-n', '-u', '-s', '--user', '--pass', '-r', '-i'],
      when: (call) => none(call) && !call.has('--eval', '--scan', '--bigkeys', '--rdb', '--stat', '-x', '--cluster'),
      why: 'talks with a person',
      instead: `${SQL}GET key.`,
    },
    {
      programs: ['iex'],
      when: (call) => !call.has('-e', '--eval', '--rpc-eval'),
      why: 'talks with a person',
      instead: "Use mix run -e 'CODE' or elixir FILE.",
    },
    {
      programs: ['sqlplus'],
      when: (call) => !call.args.some((arg) => arg.startsWith('@')),
      why: 'talks with a person',
      instead: 'Give it @FILE.',
    },
    {
      programs: ['bash', 'sh', 'zsh', 'dash', 'ksh', 'fish', 'ash', 'pwsh', 'tcsh', 'csh'],
      valued: ['-c', '-o', '-O', '--rcfile', '--init-file'],
      when: (call) => none(call) && !call.has('-c', '-Command', '-File', '-n'),
      why: 'is a shell without anything to run',
      instead: "Run the command itself, or {as} -c 'COMMAND'.",
    },
    {
      programs: ['gdb', 'cgdb', 'rust-gdb', 'lldb', 'rust-lldb'],
      valued: ['-ex', '-x', '-p', '-iex', '-o'],
      when: (call) => !call.args.some((arg) => /^--?(batch|batch-silent|b)$/.test(arg)),
      why: 'is a debugger that talks with a person',
      instead: 'Use gdb -batch -ex COMMAND …, lldb -b -o COMMAND ….',
    },
    {
      programs: ['pdb', 'ipdb', 'pudb', 'ndb', 'dlv debug', 'dlv test', 'dlv exec', 'rdbg', 'byebug', 'jdb'],
      when: (call) => !call.has('--headless', '-c'),
      why: 'is a debugger that talks with a person',
      instead: 'Run the program itself and print what you need to know.',
    },
    {
      programs: ['bc', 'dc'],
      valued: ['-e', '-f'],
      when: (call) => none(call) && !call.has('-e', '-f', '--expression', '--file'),
      why: 'reads sums from a person',
      instead: 'Use echo "1 + 2" | {as}.',
    },
    {
      programs: ['ftp', 'telnet', 'lftp', 'smbclient', 'tftp'],
      when: (call) => !call.has('-c', '-e', '-f'),
      why: 'talks with a person',
      instead: 'Use `curl`.',
    },
    {
      programs: named(`
        docker run, docker exec, podman run, podman exec, docker container run, docker container exec,
        nerdctl run
      `),
      valued: named(`
        -v, -e, -p, -w, -u, --name, --network, --entrypoint, -h, -l, -m, --env, --volume, --mount,
        --user, --workdir, --platform
      `),
      when: (call) => {
        // Behind the image or the container stand another program's options.
        const [place = ''] = call.operands;
        const own = new Set(call.args.slice(0, call.operands.length > 0 ? call.args.indexOf(place) : undefined));
        const short = (letter: string) => [...own].some((arg) => /^-[itd]+$/.test(arg) && arg.includes(letter));
        return (
          (short('t') || own.has('--tty')) &&
          (short('i') || own.has('--interactive')) &&
          !(short('d') || own.has('--detach'))
        );
      },
      why: 'needs a terminal (-it)',
      instead: 'Use {as} without -it.',
    },
    {
      programs: ['kubectl exec', 'kubectl run', 'kubectl attach', 'kubectl debug', 'oc exec', 'oc rsh'],
      valued: ['-n', '--namespace', '-c', '--container', '--image', '--context'],
      when: (call) =>
        call.invocation.program === 'oc' ||
        (call.has('-t', '--tty', '-it', '-ti') && call.has('-i', '--stdin', '-it', '-ti')),
      why: 'needs a terminal (-it)',
      instead: 'Use {as} POD -- COMMAND, without -it.',
    },
    {
      programs: ['tmux', 'screen', 'byobu', 'zellij'],
      when: (call) =>
        none(call)
          ? !call.has('-V', '-ls', '-list', '-dm', '-wipe', '-v', '-dmS')
          : /^(attach|attach-session|a|at|new|new-session)$/.test(call.operands[0] ?? '') &&
            !call.has('-d', '-dmS', '-ds'),
      why: 'needs a terminal',
      instead: 'Run the command itself; `tmux new-session -d` starts one in the background.',
    },
  ],
};
