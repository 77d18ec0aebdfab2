import { expect, it } from 'vitest';
import { slackSnippets, slackText } from '../../../events/chat/slack-text.ts';

it.each([
  ['<@U0BOT> look', 'look'],
  ['a &lt;b&gt; &amp;lt; c', 'a <b> &lt; c'],
  ['see <https://x.example/1|the issue>', 'see the issue (https://x.example/1)'],
  ['<https://x.example/1>', 'https://x.example/1'],
  ['at price (<http://price.py|price.py>:12)', 'at price (price.py:12)'],
  ['in <#C1|general> <!here> and <mailto:ann@shop.io|ann@shop.io>', 'in #general  and ann@shop.io'],
  ['```TypeError: x\n    at y (z.js:1:2)```', 'TypeError: x\n    at y (z.js:1:2)'],
  ['`TypeError: x` is what I get', 'TypeError: x is what I get'],
])('reads %s', (marked, plain) => {
  expect(slackText({ text: marked })).toBe(plain);
});

it('reads what is forwarded and attached', () => {
  const attachments = [
    { pretext: 'before', title: 'title', text: 'inside', fallback: 'not this' },
    { fallback: 'instead' },
  ];
  const files = [
    { mimetype: 'text/plain', preview: 'snippet' },
    { mimetype: 'image/png', preview: 'no' },
  ];
  expect(slackText({ text: 'said', attachments, files })).toBe('said\nbefore\ntitle\ninside\ninstead\nsnippet');
  expect(slackText({ text: null })).toBe('');
  expect(
    slackSnippets({ files: files.map((file, at) => ({ ...file, url_private: `https://files.slack.com/${at}` })) }),
  ).toEqual(['https://files.slack.com/0']);
});
