/**
 * The last look before anything leaves this machine: secrets and personal data in title, body, branch, commit message and
 * report. Foreign text in them was redacted on its way in; what is found here came another way, and blocks publishing.
 */
import { findSecrets } from '../../gate/secrets.ts';

export interface Leak {
  /** The part's own `where`. */
  where: string;
  /** In snake_case, such as `github_token` or `email`; never the text itself. */
  kind: string;
  /** 1-based, in that part. */
  line: number;
}

/** Every kind once per line, part by part in their order. Empty: nothing was found. */
export async function findLeaks(parts: readonly { where: string; text: string }[]): Promise<Leak[]> {
  const leaks: Leak[] = [];
  for (const { where, text } of parts) {
    const seen = new Set<string>();
    for (const view of new Set([text, asRendered(text)])) {
      let line = 1;
      let counted = 0;
      for (const { kind, index } of await findSecrets(view)) {
        for (; counted < index; counted++) if (view[counted] === '\n') line++;
        if (seen.has(`${line} ${kind}`)) continue;
        seen.add(`${line} ${kind}`);
        leaks.push({ where, kind, line });
      }
    }
  }
  return leaks;
}

/** As a reader of the page sees it: Markdown's escapes, entities and characters without width hide nothing there. */
function asRendered(text: string): string {
  return text
    .replace(/\\(?=[!-/:-@[-`{-~])/g, '')
    .replace(/&#(?:x([0-9a-f]{2,4})|(\d{2,5}));/gi, (_, hex?: string, decimal?: string) =>
      String.fromCharCode(hex ? Number.parseInt(hex, 16) : Number(decimal)),
    )
    .replace(/[\u200b-\u200f\u2060\ufeff]/g, '');
}
