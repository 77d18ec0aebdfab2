/**
 * What a chat is to the approval: it shows messages with buttons, keeps them as they should stand, and hands every tap to
 * the desk. One file per chat; each passes `test/healer/approval/channel.contract.ts`.
 */
import type { Config } from '../../context/schemas/config.ts';

/** Where a message stands, by the chat's own names. */
export interface Reference {
  /** Slack's channel, Telegram's chat. */
  place: string;
  name: string;
}

export type Sent<T> =
  | { ok: true; data: T }
  /** `passing`: it may work later, not before `afterMs` where the chat says so. Else it is for good. */
  | { ok: false; why: string; passing: boolean; afterMs?: number };

export type ButtonAction = 'approve' | 'skip' | 'reject' | 'retry' | 'details';

export interface Button {
  label: string;
  action: ButtonAction;
  incident: string;
  /** Of the question that it answers (16 hex digits); empty where it answers none. */
  key: string;
}

/** Foreign text made safe in the chat's own markup. */
export interface Writer {
  /** On one line of at most `max` characters. */
  foreign(text: string, max: number): string;
  /** A block of code, at most `max` characters, cut at its end. */
  code(text: string, max: number): string;
  /** An https address that can be tapped. */
  link(url: string): string;
}

export interface Message {
  /** Lines in our own words; whatever comes from outside goes through the writer. */
  text(write: Writer): string;
  /** In one row. */
  buttons: readonly Button[];
}

export type ChatName = 'slack' | 'telegram';

export interface Channel {
  readonly name: ChatName;
  /** Where questions are posted; empty when the settings name no place. */
  place(notify: Config['notify']): string;
  /** The chat's ids of the people who may decide. */
  approvers(notify: Config['notify']): readonly string[];
  /** `mark` names the message for `find`. */
  post(place: string, message: Message, mark: string): Promise<Sent<Reference>>;
  update(reference: Reference, message: Message): Promise<Sent<void>>;
  /** The place of what is said about a message, such as its thread. */
  repliesTo(reference: Reference): string;
  /** A message that was posted although its answer was not heard. Left out where the chat cannot be asked. */
  find?(place: string, mark: string): Promise<Sent<Reference | undefined>>;
}
