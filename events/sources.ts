/** The sources whose texts are understood, by name. A new one is a file in `sources/` and a line here. */

import { toPlainText } from './plain-text.ts';
import { readAlertmanager } from './sources/alertmanager.ts';
import { readGeneric } from './sources/generic.ts';
import { readGithub } from './sources/github.ts';
import { readGrafana } from './sources/grafana.ts';
import { readLog } from './sources/log.ts';
import { readManual } from './sources/manual.ts';
import type { Reader } from './sources/reader.ts';
import { readRelay } from './sources/relay.ts';

import { readSentry } from './sources/sentry.ts';
import { readSentryDsn } from './sources/sentry-dsn.ts';

import { readSlack } from './sources/slack.ts';

const KNOWN = {
  log: (text) => readLog(toPlainText(text)),
  manual: (text) => readManual(toPlainText(text)),
  generic: readGeneric,
  relay: readRelay,
  github: readGithub,
  slack: readSlack,
  alertmanager: readAlertmanager('alertmanager'),
  // A ruler of Loki sends its alerts through an Alertmanager: only what fired them differs.
  loki: readAlertmanager('loki'),
  grafana: readGrafana,
  sentry: readSentry,
  // What Sentry's SDKs send, when they report here in place of to Sentry.
  sentry_dsn: readSentryDsn,
} satisfies Record<string, Reader>;
export type ReadableSource = keyof typeof KNOWN;

export const READERS: Readonly<Record<ReadableSource, Reader>> = KNOWN;

export function isReadable(source: string): source is ReadableSource {
  return Object.hasOwn(KNOWN, source);
}
