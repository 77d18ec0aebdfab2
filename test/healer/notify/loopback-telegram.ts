/** A Telegram on the loopback interface: its Bot API, for grammY to talk to, with chats that keep what stands in them. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

export interface TelegramMessage {
  chat_id: string;
  message_id: number;
  text: string;
  reply_markup?: {
    inline_keyboard?: { text: string; callback_data?: string; url?: string }[][];
    force_reply?: boolean;
  };
  reply_to?: number | undefined;
  /** Of a document: its name and content. */
  file?: { name: string; content: string };
  edited: number;
}

export interface LoopbackTelegram {
  env: Record<string, string>;
  messages: TelegramMessage[];
  calls: { method: string; body: Record<string, unknown> }[];
  /** Answered in place of the true answer, by method; each once. `after`: the call was carried out all the same. */
  failures: { method: string; code: number; description?: string; retryAfter?: number; after?: boolean }[];
  /** Answers nothing but HTTP 503 while it is set. */
  down: boolean;
  /** What was said to people who tapped, by the query's id. */
  answers: { id: string; text: string; alert: boolean }[];
  /** Somebody does something; the bot gets it by polling. */
  happen(update: Record<string, unknown>): number;
  /** One that is delivered once more. */
  again(update: { update_id: number } & Record<string, unknown>): void;
  /** Updates that no poll has confirmed yet. */
  open(): number;
}

const TOKEN = '4200:loopback-token';
const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
});

export async function loopbackTelegram(): Promise<LoopbackTelegram> {
  let serial = 100;
  let updateId = 1000;
  let updates: ({ update_id: number } & Record<string, unknown>)[] = [];
  const polls = new Set<() => void>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    const [, token, method = ''] = /^\/bot([^/]+)\/(\w+)/.exec(request.url ?? '') ?? [];
    const body = bodyOf(request.headers['content-type'] ?? '', raw);
    telegram.calls.push({ method, body });
    if (telegram.down) return void response.writeHead(503).end();
    if (token !== TOKEN) return answer(response, 401, { ok: false, error_code: 401, description: 'Unauthorized' });
    const at = telegram.failures.findIndex((one) => one.method === method);
    const failure = at === -1 ? undefined : telegram.failures.splice(at, 1)[0];
    if (failure) {
      if (failure.after) await run(method, body);
      const parameters = failure.retryAfter === undefined ? {} : { parameters: { retry_after: failure.retryAfter } };
      const { code, description = 'No' } = failure;
      return answer(response, code, { ok: false, error_code: code, description, ...parameters });
    }
    const result = await run(method, body, response);
    if (result instanceof Refusal)
      return answer(response, 400, { ok: false, error_code: 400, description: result.description });
    answer(response, 200, { ok: true, result });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );

  async function run(method: string, body: Record<string, unknown>, response?: ServerResponse): Promise<unknown> {
    switch (method) {
      case 'getMe':
        return { id: 4200, is_bot: true, first_name: 'healer', username: 'healer_bot' };
      case 'deleteWebhook':
      case 'setMyCommands':
        return true;
      case 'getUpdates':
        return poll(Number(body.offset ?? 0), Number(body.timeout ?? 0), response);
      case 'sendMessage':
      case 'sendDocument':
        return shown(post(method, body));
      case 'editMessageText': {
        const found = telegram.messages.find(
          ({ chat_id, message_id }) => chat_id === String(body.chat_id) && message_id === Number(body.message_id),
        );
        if (!found) return new Refusal('Bad Request: message to edit not found');
        const same =
          found.text === body.text &&
          JSON.stringify(found.reply_markup ?? {}) === JSON.stringify(body.reply_markup ?? {});
        if (same) return new Refusal('Bad Request: message is not modified');
        Object.assign(found, { text: body.text, reply_markup: body.reply_markup, edited: found.edited + 1 });
        return shown(found);
      }
      case 'answerCallbackQuery':
        telegram.answers.push({
          id: String(body.callback_query_id),
          text: String(body.text ?? ''),
          alert: body.show_alert === true,
        });
        return true;
      default:
        return new Refusal(`Bad Request: unknown method ${method}`);
    }
  }

  function post(method: string, body: Record<string, unknown>): TelegramMessage {
    const replies = body.reply_parameters as { message_id: number } | undefined;
    const message: TelegramMessage = {
      chat_id: String(body.chat_id),
      message_id: ++serial,
      text: String(method === 'sendDocument' ? (body.caption ?? '') : body.text),
      reply_markup: body.reply_markup as TelegramMessage['reply_markup'] & object,
      reply_to: replies?.message_id,
      edited: 0,
      ...(method === 'sendDocument' && { file: body.file as { name: string; content: string } }),
    };
    telegram.messages.push(message);
    return message;
  }

  async function poll(offset: number, timeoutS: number, response: ServerResponse | undefined): Promise<unknown> {
    // Whoever asks for later ones has had the earlier ones.
    updates = updates.filter(({ update_id }) => update_id >= offset);
    if (updates.length === 0 && timeoutS > 0)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, Math.min(timeoutS, 2) * 1000);
        function done() {
          clearTimeout(timer);
          polls.delete(done);
          resolve();
        }
        polls.add(done);
        response?.once('close', done);
      });
    return updates;
  }

  const telegram: LoopbackTelegram = {
    env: { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: `http://127.0.0.1:${port}` },
    messages: [],
    calls: [],
    failures: [],
    answers: [],
    down: false,
    happen(update) {
      updates.push({ update_id: ++updateId, ...update });
      for (const done of [...polls]) done();
      return updateId;
    },
    again: (update) => void updates.push(update),
    open: () => updates.length,
  };
  return telegram;
}

class Refusal {
  readonly description: string;
  constructor(description: string) {
    this.description = description;
  }
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function shown({ chat_id, message_id, text }: TelegramMessage) {
  return { message_id, date: 0, chat: { id: Number(chat_id), type: 'supergroup', title: 'shop' }, text };
}

/** JSON, or the parts of a form of which one is a file. */
function bodyOf(type: string, raw: Buffer): Record<string, unknown> {
  const boundary = /boundary=([^;]+)/.exec(type)?.[1];
  if (boundary === undefined) return raw.length === 0 ? {} : JSON.parse(raw.toString('utf8'));
  const body: Record<string, unknown> = {};
  for (const part of raw.toString('utf8').split(`--${boundary}`)) {
    const [head = '', ...rest] = part.split('\r\n\r\n');
    const name = /name="([^"]+)"/.exec(head)?.[1];
    if (name === undefined) continue;
    const content = rest.join('\r\n\r\n').replace(/\r\n$/, '');
    const file = /filename=(?:"([^"]+)"|(\S+))/.exec(head);
    if (file) body.file = { name: file[1] ?? file[2], content };
    else body[name] = /^[[{]/.test(content) ? JSON.parse(content) : content;
  }
  return body;
}
