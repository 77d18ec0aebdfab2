import { expect, it } from 'vitest';
import { readHeaders } from '../../cli/read-headers.ts';

it('reads headers as curl prints them, as a file has them, and as JSON', () => {
  const wanted = { 'x-event': 'issue', authorization: 'Bearer a:b' };
  expect(readHeaders('POST /x HTTP/1.1\r\nX-Event: issue\r\nAuthorization:   Bearer a:b  \r\n\r\n')).toEqual(wanted);
  expect(readHeaders('> POST /x HTTP/1.1\n> X-Event: issue\n> Authorization: Bearer a:b\n>\n')).toEqual(wanted);
  expect(readHeaders('{"X-Event": "issue", "Authorization": "Bearer a:b"}')).toEqual(wanted);
});

it('refuses what is neither, with its line', () => {
  expect(() => readHeaders('X-Event: a\nnonsense')).toThrow('Line 2');
  expect(() => readHeaders('{"a": ')).toThrow('JSON object');
  expect(() => readHeaders('{"a": ["b"]}')).toThrow('JSON object');
});
