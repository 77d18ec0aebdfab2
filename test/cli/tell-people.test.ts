import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { tellPeople } from '../../cli/tell-people.ts';
import { escalate } from '../../healer/fixes/escalate.ts';
import { reportError } from '../../healer/incidents/report-error.ts';
import { sampleBench } from '../healer/sample-repository.ts';

it('tells people before a command ends, and says whom it could not tell', async () => {
  const answers = [200, 503];
  const server = createServer((_, response) => void response.writeHead(answers.shift() ?? 200).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const config = `version: "1.0"\napproval: { start: ask }\nnotify: { webhook: "${url}" }\n`;
  const { bench } = await sampleBench({ 'src/a.js': 'x\n', '.self-healing/config.yaml': config });
  const said: string[] = [];
  const call = {
    say: (text: string) => void said.push(text),
    warn: (text: string) => void said.push(text),
    signal: new AbortController().signal,
  };
  for (const error of ['one is broken', 'another is broken']) {
    const { incident } = await reportError(bench, { text: error });
    await escalate(bench, { incident, reason: 'it is too hard', needs: 'you', who: 'heal' });
    await tellPeople(bench, call);
  }
  expect(said).toEqual([
    expect.stringMatching(/^People were told of INC-\w{16} over webhook\.$/),
    expect.stringMatching(
      /^Not told yet of INC-\w{16} over webhook: .* answered 503\. `self-healing serve` tries again\.$/,
    ),
  ]);
});
