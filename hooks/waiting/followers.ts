/** Programs that show what happens for as long as they are let, or repeat for ever. */
import { type Call, type Family, named } from './rule.ts';

const follows = (call: Call) => call.has('-f', '--follow');
const LINES = 'Use {as} without following: --tail=100 or -n 100 shows the last lines.';

export const FOLLOWERS: Family = {
  kind: 'endless',
  answerable: false,
  rules: [
    {
      programs: ['tail'],
      valued: ['-n', '--lines', '-c', '--bytes', '-s', '--pid'],
      when: (call) =>
        (call.has('-f', '-F', '--follow', '--retry') || call.args.some((arg) => /^-\d+f$/i.test(arg))) &&
        !call.has('--pid') &&
        // From a pipe it ends with what it reads.
        (call.operands.length > 0 || !call.invocation.input),
      why: 'follows the file and never ends',
      instead: 'Use tail -n 100 FILE, or timeout 10 tail -f FILE.',
    },
    {
      programs: ['journalctl'],
      valued: ['-u', '--unit', '-n', '--lines', '-S', '-U', '-p'],
      when: follows,
      why: 'follows the journal and never ends',
      instead: 'Use journalctl --no-pager -n 100.',
    },
    {
      programs: named(`
        docker logs, docker compose logs, docker-compose logs, podman logs, kubectl logs, oc logs,
        docker service logs, docker container logs
      `),
      valued: ['-n', '--tail', '--since', '-c', '--container', '--namespace', '-l', '--context', '--file', '-p'],
      when: follows,
      why: 'follows the log and never ends',
      instead: LINES,
    },
    {
      programs: ['kubectl get', 'kubectl events', 'oc get', 'kubectl top'],
      valued: ['-n', '--namespace', '-o', '-l', '--context'],
      when: (call) => call.has('-w', '--watch', '--watch-only'),
      why: 'watches and never ends',
      instead: 'Use {as} without -w, or kubectl wait --for=… --timeout=60s.',
    },
    {
      programs: named(`
        heroku logs, gcloud app logs tail, gcloud alpha logging tail, wrangler tail, fly logs, flyctl logs,
        vercel logs, az webapp log tail, aws logs tail, stern, kubetail, pm2 logs, pm2 monit, supabase logs,
        railway logs, multitail, lnav
      `),
      when: (call) => {
        switch (call.invocation.program) {
          case 'heroku':
            return call.has('-t', '--tail');
          case 'vercel':
          case 'aws':
            return call.has('-f', '--follow');
          case 'fly':
          case 'flyctl':
          case 'stern':
            return !call.has('-n', '--no-tail', '--no-follow');
          case 'pm2':
            return !call.has('--nostream');
          default:
            return true;
        }
      },
      why: 'follows the log and never ends',
      instead: LINES,
    },
    {
      programs: ['docker stats', 'podman stats', 'docker events', 'docker attach', 'docker start'],
      valued: ['--since', '--until', '-f', '--filter', '--format'],
      when: (call) =>
        call.invocation.args.includes('start') ? call.has('-a', '--attach', '-i') : !call.has('--no-stream', '--until'),
      why: 'shows what happens and never ends',
      instead: 'Use docker stats --no-stream, docker events --until, docker logs.',
    },
    {
      programs: named(
        'top, htop, btop, atop, glances, iotop, nvtop, bashtop, ctop, k9s, lazydocker, ncdu, ranger, mc, nnn',
      ),
      valued: ['-n', '-d', '-p', '-u', '-o'],
      when: (call) =>
        !((call.has('-b', '--batch') && call.has('-n')) || (call.invocation.program === 'ncdu' && call.has('-o'))) &&
        !(call.has('-b') && call.invocation.pipedOutput) &&
        !(call.has('-l') && call.invocation.program === 'top'),
      why: 'fills the screen of a terminal',
      instead: 'Use top -b -n 1, ps aux or du -sh.',
    },
    {
      programs: ['ping', 'ping6', 'mtr', 'tcpdump', 'tshark', 'arping', 'fping'],
      valued: ['-c', '-w', '-W', '-i', '-I', '-s', '-n', '-t'],
      when: (call) =>
        !call.has('-c', '-w', '--report', '-r', '--count', '-a') &&
        !(call.invocation.program === 'fping' && !call.has('-l')),
      why: 'goes on for ever',
      instead: 'Use {as} -c 3 ….',
    },
    {
      programs: ['yes'],
      when: (call) => !call.invocation.pipedOutput,
      why: 'prints for ever',
      instead: 'Pipe it: yes | COMMAND.',
    },
    {
      programs: ['sleep'],
      when: (call) => call.operands.some((operand) => /^inf(inity)?$/.test(operand)),
      why: 'never ends',
      instead: 'Sleep for some seconds, in a loop that looks whether it is done.',
    },
    {
      programs: named(`
        dmesg, adb logcat, xinput test, udevadm monitor, dbus-monitor, ip monitor, bpftrace, log stream,
        idevicesyslog
      `),
      when: (call) =>
        call.invocation.program === 'dmesg'
          ? call.has('-w', '--follow', '-W')
          : !(call.invocation.program === 'adb' && call.has('-d', '-t')),
      why: 'follows what happens and never ends',
      instead: 'Use {as} without following (adb logcat -d).',
    },
    {
      programs: ['vmstat', 'iostat', 'mpstat', 'pidstat', 'sar', 'dstat'],
      valued: ['-p', '-P', '-S', '-d'],
      when: (call) => {
        const numbers = call.operands.filter((operand) => /^\d+$/.test(operand));
        return numbers.length === 1 || (call.invocation.program === 'dstat' && numbers.length === 0);
      },
      why: 'repeats for ever',
      instead: 'Use {as} 1 3.',
    },
    {
      programs: ['cat', 'head', 'od', 'xxd', 'hexdump'],
      when: (call) =>
        call.operands.includes('/dev/tty') ||
        (call.operands.some((operand) => /^\/dev\/(zero|u?random)$/.test(operand)) &&
          call.invocation.program === 'cat' &&
          !call.invocation.pipedOutput),
      why: 'reads from what never ends',
      instead: 'Use head -c 16 FILE.',
    },
  ],
};
