/**
 * How many log lines a second are fingerprinted on one core: services' own kinds of lines, none like the one before in its
 * values. Allowed: no fewer than 200,000 a second.
 */
import { fingerprintLine } from '../events/fingerprint.ts';

const LINES = 200_000;
const WANTED = 200_000;
const KINDS: ((n: number) => string)[] = [
  (n) =>
    `2026-11-20T10:00:${String(n % 60).padStart(2, '0')}.${String(n % 1000).padStart(3, '0')}Z ERROR [shop.cart] item ${n} is gone`,
  (n) =>
    `2026-11-20 10:00:00,123 INFO org.acme.net.Pool: connection from /10.0.${n % 250}.${(n * 7) % 250}:${1024 + (n % 60000)} closed after ${n % 900}ms`,
  (n) => `{"level":50,"time":${1_763_600_000_000 + n},"pid":3,"hostname":"a${n % 9}","msg":"order ${n} failed"}`,
  (n) =>
    `Nov 20 10:00:00 web${n % 9} sshd[${n % 30000}]: Failed password for invalid user bob from 10.1.2.${n % 250} port ${n % 60000} ssh2`,
  (n) => `PacketResponder ${n % 3} for block blk_${n}${n * 31} terminating`,
];
const lines = Array.from({ length: LINES }, (_, n) => KINDS[n % KINDS.length]?.(n) ?? '');

for (const line of lines.slice(0, 20_000)) fingerprintLine(line);
const start = process.cpuUsage();
for (const line of lines) fingerprintLine(line);
const { user, system } = process.cpuUsage(start);
const perSecond = LINES / ((user + system) / 1e6);

console.log(
  `fingerprint: ${Math.round(perSecond).toLocaleString('en')} lines per second of processor time (wanted ${WANTED.toLocaleString('en')})`,
);
if (perSecond < WANTED) process.exitCode = 1;
