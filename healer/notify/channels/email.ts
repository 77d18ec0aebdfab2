/** A plain text mail from `notify.email.from` to everybody of `notify.email.to`, over `SMTP_URL`. */
import { createHash } from 'node:crypto';
import { oneLine } from '../../../events/plain-text.ts';
import type { HandOverNotice, NoticeChannel, Told } from '../channel.ts';
import { noticeText, noticeTitle } from '../words.ts';

const TIMEOUT_MS = 20_000;

export const email: NoticeChannel = {
  name: 'email',
  variable: 'SMTP_URL',
  isConfigured: ({ email: { from, to } }) => from !== '' && to.length > 0,
  async send(notice, { notify, env }): Promise<Told> {
    const url = env.SMTP_URL;
    if (!url) return { outcome: 'later', why: 'SMTP_URL is not set' };
    // Other transports of the library run programs or write files.
    if (!/^smtps?:\/\//.test(url)) return { outcome: 'later', why: 'SMTP_URL is no smtp:// or smtps:// address' };
    const { createTransport } = await import('nodemailer');
    const transport = createTransport({
      url,
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    try {
      const { rejected = [] } = await transport.sendMail(mailOf(notice, notify.email));
      const { length } = rejected;
      return length === 0 ? { outcome: 'told' } : { outcome: 'told', why: `${length} of the addresses were refused` };
    } catch (error) {
      return refusalOf(error, url);
    } finally {
      transport.close();
    }
  },
};

function mailOf(notice: HandOverNotice, { from, to }: { from: string; to: string[] }) {
  const { record, mark } = notice;
  return {
    from,
    to,
    subject: `[self-healing] ${noticeTitle(notice)}: ${oneLine(record.error, 100)}`,
    text: noticeText(notice, { strong: (text) => text, foreign: (text) => text }),
    // The same for every try: a mailbox that had it shows it once.
    messageId: `<${createHash('sha256').update(mark).digest('hex').slice(0, 32)}@self-healing.invalid>`,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Self-Healing-Incident': `${record.incident}/${record.round}` },
  };
}

/** A 5xx about the message or its addresses is final; a login or a server that fails is put right by people. */
function refusalOf(error: unknown, url: string): Told {
  const { code, responseCode, message } = error as { code?: unknown; responseCode?: unknown; message?: unknown };
  const secrets = [
    url,
    ...(URL.canParse(url) ? [new URL(url).password, decodeURIComponent(new URL(url).password)] : []),
  ];
  const said = secrets.filter(Boolean).reduce((text, secret) => text.replaceAll(secret, '[secret]'), String(message));
  const why = `the mail server refused it or could not be reached: ${oneLine(said, 200)}`;
  const final =
    typeof responseCode === 'number' && responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE');
  return final ? { outcome: 'never', why } : { outcome: 'later', why };
}
