import { expect, test } from 'vitest';
import { commitMessage } from '../../../../healer/publishing/commit.ts';
import { trailersIn } from '../../../../healer/publishing/github/trailer.ts';

const incident = 'INC-1a2b3c4d5e6f7890';
const line = `Self-Healing-Incident: ${incident}/2`;

test('is an exact line, wherever it stands', () => {
  const expected = [{ incident, round: 2 }];
  const commit = { incident, round: 2, base: 'b', tree: 't', title: 'Fix', error: 'E', at: new Date(0) };
  expect(trailersIn(commitMessage(commit))).toEqual(expected);
  expect(trailersIn(`a\r\n${line}\r\nSelf-Healing-Tree: x\r\n`)).toEqual(expected);
  expect(trailersIn(`${line}\n${line.replace('/2', '/13')}`)).toEqual([...expected, { incident, round: 13 }]);
});

test.each([
  ` ${line}`,
  `> ${line}`,
  `see ${line}`,
  `${line} `,
  `see\u2028${line}`,
  `see\r${line}`,
  `${line}x`,
  line.toLowerCase(),
  line.replace('/2', '/0'),
  line.replace('/2', '/02'),
  line.replace('/2', ''),
  line.replace('1a', '1A'),
  line.replace('7890', '789'),
])('not %j', (text) => {
  expect(trailersIn(`before\n${text}\nafter`)).toEqual([]);
});
