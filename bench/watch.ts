/**
 * The watcher's reading beside `grep -iE`: 100 MB of ordinary lines, 100 MB of which every second line says "error" in passing and
 * means none, and 10 MB of nothing but errors. Allowed: five times the processor time of grep on the ordinary ones, and 80 MB of resident memory. Then the watcher as
 * a process, which follows a log that grows by 100 MB a minute: a stack in it is printed within 2 seconds.
 */
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

const MEGABYTES = 100;
const ALLOWED_RATIO = 5;
const ALLOWED_RSS_MB = 80;
const ALLOWED_LATENCY_MS = 2000;
/** What a person would look for. */
const PATTERN = 'error|exception|fatal|panic|traceback|critical|timeout';
const folder = mkdtempSync(join(tmpdir(), 'self-healing-bench-'));
const root = import.meta.dirname.replace(/\/bench$/, '');
const program = join(root, '.tmp', `bench-watch-${process.pid}.cjs`);
const WORDS = 'request served cart order user session cache item queue worker started finished price'.split(' ');

function ordinary(n: number): string {
  const word = WORDS[n % WORDS.length];
  return `2026-11-20T10:${String(n % 60).padStart(2, '0')}:00.123Z INFO [http] ${word} ${WORDS[(n * 7) % WORDS.length]} id=${n * 31} took ${n % 900}ms path=/api/${word}/${n}\n`;
}
const failing = (n: number) =>
  n % 4 === 0
    ? `TypeError: no price for ${n}\n    at price (/srv/shop/src/price.js:1:30)\n    at order (/srv/shop/src/order.js:2:28)\n`
    : `2026-11-20T10:00:00.123Z ERROR [shop] order ${n} of ${WORDS[n % WORDS.length]} failed\n`;
const inPassing = (n: number) => (n % 2 === 0 ? ordinary(n) : ordinary(n).replace('took', 'errors=0 took'));

function write(path: string, bytes: number, line: (n: number) => string): void {
  const fd = openSync(path, 'w');
  for (let n = 0, written = 0; written < bytes; ) {
    let text = '';
    for (let i = 0; i < 5000; i++) text += line(n++);
    writeSync(fd, text);
    written += text.length;
  }
  closeSync(fd);
}

/** Processor seconds of a command, as the kernel counts them. */
function cpuOfGrep(path: string): number {
  const script = `import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL); r = resource.getrusage(resource.RUSAGE_CHILDREN); print(r.ru_utime + r.ru_stime)`;
  const text = execFileSync('python3', ['-c', script, 'grep', '-ciE', PATTERN, path], { encoding: 'utf8' });
  return Number(text);
}

function statusOf(pid: number): { cpuSeconds: number; rssMb: number; peakMb: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kb = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1000;
  return { cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100, rssMb: kb('VmRSS'), peakMb: kb('VmHWM') };
}

function watcher(log: string, name: string) {
  const env = { ...process.env, SELF_HEALING_HOME: join(folder, name) };
  // As bin/launch starts it.
  const flags = ['--max-semi-space-size=1', '--max-old-space-size=64', '--single-threaded'];
  const child = spawn(process.execPath, [...flags, program, 'watch', '--log', log], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  return { child, pid: child.pid ?? 0, said: () => said };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(20);
}

async function throughput(name: string, megabytes: number, line: (n: number) => string) {
  const log = join(folder, `${name}.log`);
  write(log, megabytes * 1e6, line);
  const empty = join(folder, 'empty.log');
  closeSync(openSync(empty, 'a'));
  const idle = watcher(empty, `${name}-idle`);
  await sleep(3000);
  const start = statusOf(idle.pid).cpuSeconds;
  idle.child.kill('SIGKILL');
  const fd = openSync(log, 'a');
  writeSync(fd, '2026-11-20T11:00:00.000Z ERROR [shop] the last line\n');
  closeSync(fd);
  const reading = watcher(log, name);
  await until(() => reading.said().includes('the last line'));
  const { cpuSeconds, peakMb } = statusOf(reading.pid);
  reading.child.kill('SIGKILL');
  const grep = Math.min(cpuOfGrep(log), cpuOfGrep(log));
  return {
    seconds: Math.max(0.01, cpuSeconds - start),
    grep,
    peakMb,
    lines: Number(execFileSync('wc', ['-l', log], { encoding: 'utf8' }).trim().split(' ')[0]),
  };
}

async function latency(): Promise<{ ms: number; peakMb: number }> {
  const log = join(folder, 'live.log');
  const fd = openSync(log, 'w');
  const live = watcher(log, 'live');
  const perTenth = (MEGABYTES * 1e6) / 600;
  let worst = 0;
  for (let tenth = 0, n = 0; tenth < 100; tenth++) {
    for (let written = 0; written < perTenth; ) {
      let text = '';
      for (let i = 0; i < 200; i++) text += ordinary(n++);
      writeSync(fd, text);
      written += text.length;
    }
    if (tenth % 25 === 20) {
      const name = WORDS[tenth % WORDS.length];
      writeSync(
        fd,
        `TypeError: no ${name} here\n    at price (/srv/shop/${name}.js:1:30)\n    at order (/srv/shop/order.js:2:28)\n`,
      );
      const at = performance.now();
      let more = 0;
      while (!live.said().includes(`no ${name} here`) && performance.now() - at < 10_000) {
        await sleep(20);
        if (++more % 5 === 0) for (let i = 0; i < 1200; i++) writeSync(fd, ordinary(n++));
      }
      worst = Math.max(worst, performance.now() - at);
    }
    await sleep(80);
  }
  const { peakMb } = statusOf(live.pid);
  live.child.kill('SIGKILL');
  closeSync(fd);
  return { ms: worst, peakMb };
}

try {
  const plugin = pathToFileURL(join(root, 'bin', 'english-only.mjs')).href;
  const { englishOnly } = (await import(plugin)) as { englishOnly: Plugin };
  await build({
    entryPoints: [join(root, 'bin', 'watch.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    plugins: [englishOnly],
    minifySyntax: true,
    minifyWhitespace: true,
    absWorkingDir: root,
    logLevel: 'error',
    banner: { js: 'const __bundleUrl=require("node:url").pathToFileURL(__filename).href;' },
    define: Object.fromEntries(
      // The plugin that builds this file replaces the words where they stand.
      [
        ['url', '__bundleUrl'],
        ['dirname', '__dirname'],
        ['filename', '__filename'],
      ].map(([name, value]) => [`import.meta.${name}`, value ?? '']),
    ),
  });
  for (const [name, megabytes, line] of [
    ['ordinary', MEGABYTES, ordinary],
    ['in passing', MEGABYTES, inPassing],
    ['nothing but errors', MEGABYTES / 10, failing],
  ] as const) {
    const { seconds, grep, peakMb, lines } = await throughput(name, megabytes, line);
    const ratio = seconds / grep;
    console.log(
      `watch, ${name}: ${Math.round(lines / seconds).toLocaleString('en')} lines/s, ${((seconds / megabytes) * 1000).toFixed(1)} s of processor time per GB; grep -iE ${((grep / megabytes) * 1000).toFixed(1)} s: ${ratio.toFixed(1)} times${name === 'ordinary' ? ` (allowed ${ALLOWED_RATIO})` : ''}; at most ${peakMb.toFixed(0)} MB resident (allowed ${ALLOWED_RSS_MB})`,
    );
    if ((name === 'ordinary' && ratio > ALLOWED_RATIO) || peakMb > ALLOWED_RSS_MB) process.exitCode = 1;
  }
  const { ms, peakMb } = await latency();
  console.log(
    `watch, 100 MB a minute: a stack is out after at most ${ms.toFixed(0)} ms (allowed ${ALLOWED_LATENCY_MS}); at most ${peakMb.toFixed(0)} MB resident (allowed ${ALLOWED_RSS_MB})`,
  );
  if (ms > ALLOWED_LATENCY_MS || peakMb > ALLOWED_RSS_MB) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
  rmSync(program, { force: true });
}
