/** Everything that touches the world outside: intake, approval, publishing, watching, services, sources, messages. */
import { z } from 'zod';
import { SEVERITIES } from '../../../events/event.ts';
import { DEFAULT_CRITICAL_PATTERNS, DEFAULT_HIGH_COUNT, DEFAULT_MEDIUM_COUNT } from '../../../events/severity.ts';
import { durationSchema } from '../duration.ts';
import { pathsSchema, regexSchema } from '../fields.ts';
import { section } from './section.ts';

const count = z.int().positive();
const text = z.string().prefault('');
const isWebAddress = (value: string) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
/** Ids of chats and people are numbers in some services and text in others. */
const id = z.union([z.string(), z.number()]).transform(String);
const people = z.array(id).describe('Who may approve').prefault([]);

export const intake = {
  settle: durationSchema.describe('Wait for more of the same error; restarts with every occurrence').prefault('30s'),
  settle_max: durationSchema.describe('The wait ends after this').prefault('5m'),
  count_window: durationSchema.prefault('24h'),
  min_severity: z.enum(SEVERITIES).describe('Errors below it are recorded and ignored').prefault('medium'),
  high_count: count.describe('Occurrences that make it high').prefault(DEFAULT_HIGH_COUNT),
  medium_count: count.describe('Occurrences that make it medium').prefault(DEFAULT_MEDIUM_COUNT),
  redact_ips: z.boolean().prefault(true),
  critical_patterns: z
    .array(regexSchema)
    .describe('Case-insensitive regular expressions over the message')
    .prefault([...DEFAULT_CRITICAL_PATTERNS]),
};

const gate = z.enum(['auto', 'ask']);
export const approval = {
  start: gate.describe('Before a fix is started').prefault('auto'),
  publish: gate.describe('Before a proven fix is published').prefault('ask'),
  expires: durationSchema.prefault('24h'),
  channels: z.array(z.enum(['telegram', 'slack', 'dashboard', 'cli'])).prefault([]),
};

export const publish = {
  provider: z
    .enum(['auto', 'github', 'branch'])
    .describe('auto: github when the remote is GitHub, else branch')
    .prefault('auto'),
  base: z.string().describe("The remote's default branch when empty").prefault(''),
  draft: z.boolean().prefault(false),
  label: z.string().prefault('auto-heal'),
  auto_merge: z.boolean().describe('Needs guardrails.require_human_review: false').prefault(false),
};

export const watch = {
  window: durationSchema.describe('How long a deployed fix is watched').prefault('30m'),
  quiet: durationSchema.describe('Without the error, at the end of the window').prefault('10m'),
  min_requests: z.int().nonnegative().describe('Below it nothing is judged').prefault(100),
  error_rate: z
    .number()
    .min(0)
    .max(1)
    .describe('Too many errors: above it, and more than twice as many as before')
    .prefault(0.01),
  p95_ms: z.number().nonnegative().describe('Too slow: above it, and more than twice as slow as before').prefault(500),
  compare: z
    .enum(['baseline', 'canary'])
    .describe('With the level before the deploy, or with what is not the canary now')
    .prefault('baseline'),
  prometheus: z
    .string()
    .refine((text) => text === '' || isWebAddress(text), 'Expected an address such as http://prometheus:9090')
    .describe('Address of Prometheus')
    .prefault(''),
  queries: section({
    error_rate: text.describe('PromQL, from 0 to 1; $window is the time since the deploy, $canary the selector below'),
    p95_ms: text.describe('PromQL, in milliseconds'),
    requests: text.describe(
      'PromQL: how many requests there were, such as sum(increase(http_requests_total[$window]))',
    ),
    canary: text.describe('Label selector of the new release, such as track="canary"'),
  }),
  sentry: section({ org: text, project: text }),
  rollback: section({
    mode: z
      .enum(['propose', 'command', 'off'])
      .describe('propose: a pull request that reverts; command: run the command below; off: hand over to a person')
      .prefault('propose'),
    command: z.array(z.string()).describe('Program and arguments, run once and without a shell').prefault([]),
  }),
};

const serviceSchema = z.strictObject({
  name: z.string().min(1),
  tag: text.describe('Short name in messages'),
  paths: pathsSchema.prefault([]),
  strip: text.describe('Prefix of its paths in production, such as /srv/shop'),
  match: section({ labels: z.record(z.string(), z.string()).prefault({}) }),
});
export const services = z.array(serviceSchema).prefault([]);

export const sources = {
  logs: z
    .array(
      z.strictObject({
        glob: z.string().min(1),
        format: z.string().prefault('auto'),
        service: text,
        environment: text,
      }),
    )
    .prefault([]),
  github: section({ repository: text, workflows: z.array(z.string()).prefault([]) }),
  sentry: section({ projects: z.array(id).prefault([]) }),
};

export const triage = {
  mute: z
    .array(
      z.strictObject({
        fingerprint: z.string().regex(/^[0-9a-f]{16}$/, 'Expected a fingerprint of 16 hex digits'),
        reason: text,
        until: text.describe('A date; for ever when empty'),
      }),
    )
    .prefault([]),
  not_a_bug: z.array(regexSchema).describe('Regular expressions over the message').prefault([]),
};

export const notify = {
  telegram: section({ chat_id: id.prefault(''), approvers: people }),
  slack: section({ channel: text, approvers: people }),
  webhook: text,
  email: section({ from: text, to: z.array(z.string()).prefault([]) }),
};
