/** What stands behind a button: at most 64 bytes, which Telegram hands back when it is tapped. */
import type { Button, ButtonAction } from '../channel.ts';

export const VIEWS = ['home', 'queue', 'errors', 'system'] as const;
export type View = (typeof VIEWS)[number];

export type Tapped =
  | { kind: 'question'; action: ButtonAction; incident: string; key: string }
  | { kind: 'view'; view: View };

interface Keyboard {
  inline_keyboard: { text: string; callback_data: string }[][];
}

/** Two in a row: a phone is narrow. */
export function keyboardOf(buttons: readonly Button[]): Keyboard {
  return rows(
    buttons.map(({ label, action, incident, key }) => ({ text: label, callback_data: `${action} ${incident} ${key}` })),
  );
}

/** Refreshing shows the same view again. */
export function dashboardKeyboard(view: View): Keyboard {
  return rows([
    { text: '📋 Queue Status', callback_data: 'view queue' },
    { text: '🚨 Recent Errors', callback_data: 'view errors' },
    { text: '📊 System Status', callback_data: 'view system' },
    { text: '🔄 Refresh', callback_data: `view ${view}` },
  ]);
}

function rows(all: Keyboard['inline_keyboard'][number]): Keyboard {
  const inline_keyboard: Keyboard['inline_keyboard'] = [];
  for (let at = 0; at < all.length; at += 2) inline_keyboard.push(all.slice(at, at + 2));
  return { inline_keyboard };
}

export function tappedOf(data: string): Tapped | undefined {
  const view = /^view (\w+)$/.exec(data)?.[1];
  if (view !== undefined) {
    const known = VIEWS.find((one) => one === view);
    return known && { kind: 'view', view: known };
  }
  const [, action, incident = '', key = ''] =
    /^(approve|skip|reject|retry|details) (INC-[0-9a-f]{16}) ([0-9a-f]{0,20})$/.exec(data) ?? [];
  return action === undefined ? undefined : { kind: 'question', action: action as ButtonAction, incident, key };
}
