import { describe, expect, it } from 'vitest';
import { Sifter } from '../../../events/log-line/sifter.ts';
import { readLog } from '../../../events/sources/log.ts';

const STACK = [
  "TypeError: Cannot read properties of undefined (reading 'cents')",
  '    at price (/srv/shop/src/price.js:1:30)',
  '    at order (/srv/shop/src/order.js:2:28)',
  '    at all (/srv/shop/src/order.js:9:2)',
  '    at main (/srv/shop/src/main.js:4:2)',
];
const OTHER = [
  'Error: no stock',
  '    at stock (/srv/stock/src/stock.js:7:3)',
  '    at main (/srv/stock/src/main.js:8:1)',
];
const interleaved = (a: readonly string[], b: readonly string[]) =>
  a.flatMap((line, at) => [line, ...(b[at] === undefined ? [] : [b[at]])]).join('\n');
const frames = (text: string) =>
  readLog(text).map(({ type, stack }) => [type, stack?.frames.map(({ function: name }) => name).join(' ')]);
const BOTH = [
  ['TypeError', 'price order all main'],
  ['Error', 'stock main'],
];

describe('lines of several writers', () => {
  it('containers of a compose log', () => {
    const [shop, stock] = [STACK.map((line) => `shop-1   | ${line}`), OTHER.map((line) => `stock-1  | ${line}`)];
    expect(frames(interleaved(shop, stock))).toEqual(BOTH);
  });

  it('both streams of a pod', () => {
    const cri = (stream: string) => (line: string) => `2026-11-20T10:00:00.123456789Z ${stream} F ${line}`;
    expect(frames(interleaved(STACK.map(cri('stderr')), OTHER.map(cri('stdout'))))).toEqual(BOTH);
  });

  it('both streams of a container of Docker', () => {
    const docker = (stream: string) => (line: string) =>
      JSON.stringify({ log: `${line}\n`, stream, time: '2026-11-20T10:00:00.123456789Z' });
    expect(frames(interleaved(STACK.map(docker('stderr')), OTHER.map(docker('stdout'))))).toEqual(BOTH);
  });

  it('a line of another thread inside a stack', () => {
    const text = STACK.toSpliced(3, 0, '2026-11-20T10:00:00Z INFO [http] GET /health 200').join('\n');
    expect(frames(text)).toEqual([['TypeError', 'price order all main']]);
  });

  it('two quiet lines that each own a stack stay two', () => {
    const own = (name: string) => `2026-11-20T10:00:00Z ERROR ${name} Error: x\n    at ${name} (/srv/a.js:1:2)`;
    expect(frames(`${own('one')}\n${own('two')}`)).toEqual([
      ['Error', 'one'],
      ['Error', 'two'],
    ]);
  });
});

describe('lines that a container runtime cut', () => {
  it('Kubernetes', () => {
    const text = [
      '2026-11-20T10:00:00.1Z stdout P {"level":"error","msg":"the cart ',
      '2026-11-20T10:00:00.1Z stderr F unrelated',
      '2026-11-20T10:00:00.1Z stdout F is gone"}',
    ].join('\n');
    expect(readLog(text).map(({ message }) => message)).toEqual(['the cart is gone']);
  });

  it('Docker', () => {
    const part = (log: string) => JSON.stringify({ log, stream: 'stdout', time: '2026-11-20T10:00:00Z' });
    const text = `${part('{"level":"error","msg":"the "quoted" cart '.replaceAll('"quoted"', '\\"quoted\\"'))}\n${part('is gone"}\n')}`;
    expect(readLog(text).map(({ message }) => message)).toEqual(['the "quoted" cart is gone']);
  });
});

describe('Sifter', () => {
  const noise = Array.from({ length: 500 }, (_, n) => `2026-11-20T10:00:00Z INFO request ${n} done`);
  const sift = (text: string, size: number) => {
    const sifter = new Sifter();
    const lines = text.split('\n').map((line) => `${line}\n`);
    const windows: string[] = [];
    for (let at = 0; at < lines.length; at += size)
      windows.push(...sifter.push(Buffer.from(lines.slice(at, at + size).join(''))));
    return [...windows, ...sifter.flush()];
  };

  it.each([1, 7, 10_000])('gives out the same errors as the whole log, %i lines at a time', (size) => {
    const docker = (line: string) =>
      JSON.stringify({ log: `${line}\n`, stream: 'stderr', time: '2026-11-20T10:00:00Z' });
    for (const stack of [STACK, STACK.map((line) => `2026-11-20T10:00:00Z stderr F ${line}`), STACK.map(docker)]) {
      const text = [...noise, ...stack, ...noise, '2026-11-20T10:00:00Z ERROR alone', ...noise].join('\n');
      const windows = sift(text, size);
      expect(windows.join('').length).toBeLessThan(text.length / 10);
      expect(windows.flatMap(readLog).map(({ message }) => message)).toEqual(
        readLog(text).map(({ message }) => message),
      );
    }
  });
});
