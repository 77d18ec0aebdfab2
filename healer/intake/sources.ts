/** The sources that `serve` takes errors from. A new one is a declaration in `sources/` and a line here. */
import type { Source } from './source.ts';
import { alertmanager } from './sources/alertmanager.ts';
import { generic } from './sources/generic.ts';
import { github } from './sources/github.ts';
import { grafana } from './sources/grafana.ts';
import { loki } from './sources/loki.ts';
import { relay } from './sources/relay.ts';
import { sentry } from './sources/sentry.ts';
import { sentryDsn } from './sources/sentry-dsn.ts';
import { slack } from './sources/slack.ts';

export const SOURCES: readonly Source[] = [
  sentry,
  sentryDsn,
  alertmanager,
  loki,
  grafana,
  github,
  slack,
  relay,
  generic,
];
