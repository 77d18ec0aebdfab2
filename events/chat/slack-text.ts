/** What people see of a Slack message: its markup taken back to the words, and what was forwarded or attached with it. */
import { z } from 'zod';

const text = z.string().max(100_000);

const attachmentSchema = z.object({
  pretext: text.nullish(),
  title: text.nullish(),
  text: text.nullish(),
  fallback: text.nullish(),
  from_url: text.nullish(),
});
const fileSchema = z.object({
  mimetype: text.nullish(),
  preview: text.nullish(),
  preview_plain_text: text.nullish(),
  url_private: text.nullish(),
});

/** The fields of a message that say something. */
export const slackMessageSchema = z.object({
  text: text.nullish(),
  user: text.nullish(),
  bot_id: text.nullish(),
  subtype: text.nullish(),
  ts: z.string().regex(/^\d{1,20}\.\d{1,10}$/),
  thread_ts: z
    .string()
    .regex(/^\d{1,20}\.\d{1,10}$/)
    .nullish(),
  attachments: z.array(attachmentSchema).max(100).nullish(),
  files: z.array(fileSchema).max(20).nullish(),
});
export type SlackMessageBody = z.output<typeof slackMessageSchema>;

/** Plain text of at most 100 000 characters; mentions are left out. */
export function slackText({
  text: own,
  attachments,
  files,
}: Pick<SlackMessageBody, 'text' | 'attachments' | 'files'>): string {
  const parts = [
    own,
    ...(attachments ?? []).flatMap((one) => [one.pretext, one.title, one.text || one.fallback]),
    // Of a longer snippet Slack sends the beginning.
    ...(files ?? []).map(
      (file) => file.preview_plain_text ?? (file.mimetype?.startsWith('text/') ? file.preview : null),
    ),
  ];
  return parts
    .filter((part) => part)
    .map((part) => unmarked(part ?? ''))
    .join('\n')
    .slice(0, 100_000)
    .trim();
}

/** Where the whole of what was attached as text can be had. */
export function slackSnippets({ files }: Pick<SlackMessageBody, 'files'>): string[] {
  return (files ?? []).flatMap(({ mimetype, url_private }) =>
    url_private && mimetype?.startsWith('text/') ? [url_private] : [],
  );
}

function unmarked(marked: string): string {
  return marked
    .replace(/<([^<>\n]{1,4000})>/g, (_match, inner: string) => spoken(inner))
    .replace(/^```[ \t]{0,20}|[ \t]{0,20}```$/gm, '')
    .replaceAll('```', '\n')
    .replace(/(?<!`)`([^`\n]{1,1000})`(?!`)/g, '$1')
    .replaceAll('\u00a0', ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** `@U1`, `#C1|general`, `!here`, `https://…|label`; a file name that Slack takes for a site is a file name. */
function spoken(inner: string): string {
  const [target = '', label] = inner.split('|', 2);
  if (target.startsWith('@') || target.startsWith('!')) return '';
  if (target.startsWith('#')) return `#${label ?? target.slice(1)}`;
  const bare = target.replace(/^(?:https?:\/\/|mailto:|tel:)/, '').replace(/\/$/, '');
  if (label === undefined) return target;
  return label === bare || label === target ? label : `${label} (${target})`;
}
