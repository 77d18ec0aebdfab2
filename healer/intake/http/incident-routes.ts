/**
 * `GET /api/incidents[/:id]` and `POST /api/incidents/:id/{approve,skip,retry,reject}`: everything about an incident for a
 * program or the dashboard, and a person's decision by token.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../../events/errors.ts';
import { parseJson } from '../../../events/json-body.ts';
import { clip } from '../../../events/plain-text.ts';
import { decisionsOf } from '../../../store/approvals.ts';
import { diagnosisOf } from '../../../store/diagnoses.ts';
import type { IncidentRecord } from '../../../store/incidents.ts';
import { proposalOf } from '../../../store/proposals.ts';
import { runsOf } from '../../../store/runs.ts';
import { INCIDENT_STATUSES } from '../../../store/states.ts';
import type { Answer, Decided, Desk } from '../../approval/desk.ts';
import { detailsOf } from '../../approval/details.ts';
import { askingOf } from '../../approval/question.ts';
import { possible } from '../../incidents/decisions.ts';
import { holdsEvidence } from '../../publishing/approve-publish.ts';
import { reportPath } from '../../publishing/report/file.ts';
import type { Workbench } from '../../workbench.ts';
import type { Intake } from '../receive.ts';
import { type Authority, authorityOf, TOKEN } from './authority.ts';
import { refusal } from './refusal.ts';
import type { Asked, Reply, Route } from './routes.ts';

const ACTIONS = ['approve', 'skip', 'retry', 'reject'] as const;
const MOST_LISTED = 500;
const REPORT_LIMIT = 256 * 1024;

const listSchema = z.object({
  status: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(INCIDENT_STATUSES)))
    .optional(),
  limit: z.coerce.number().int().min(1).max(MOST_LISTED).default(100),
});

const decisionSchema = z.strictObject({
  who: z.string().trim().min(1).max(80).optional(),
  reason: z.string().trim().min(1).max(1000).optional(),
  round: z.int().positive().optional(),
  /** A tree id, or its first twelve digits and more. */
  tree: z
    .string()
    .regex(/^[0-9a-f]{12,64}$/)
    .optional(),
  /** Refused unless this process holds the evidence: whoever asks verifies by himself otherwise. */
  only_with_evidence: z.boolean().optional(),
});

export interface IncidentRoutesOptions {
  intake: Pick<Intake, 'bench' | 'env'>;
  desk: Desk;
  /** Of this process, for commands of the same user. */
  secret: string;
}

export function incidentRoutes({ intake, desk, secret }: IncidentRoutesOptions): Route[] {
  const { bench, env } = intake;
  const guarded =
    (answer: (asked: Asked, authority: Extract<Authority, { by: string }>) => Promise<Reply>) =>
    async (asked: Asked) => {
      const authority = authorityOf(asked, { token: env[TOKEN], secret });
      return 'refused' in authority ? authority.refused : orUnprocessable(() => answer(asked, authority));
    };
  return [
    { method: 'GET', path: '/api/incidents', answer: guarded((asked) => list(bench, asked)) },
    { method: 'GET', path: '/api/incidents/:id', answer: guarded((asked) => show(bench, asked)) },
    ...ACTIONS.map(
      (action): Route => ({
        method: 'POST',
        path: `/api/incidents/:id/${action}`,
        answer: guarded((asked, { by }) => decide(bench, desk, { action, by }, asked)),
      }),
    ),
  ];
}

async function orUnprocessable(answer: () => Promise<Reply>): Promise<Reply> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof UserError && error.code === 'bad_input')
      return refusal(422, 'bad_input', error.message, error.next);
    throw error;
  }
}

async function list(bench: Workbench, { url }: Asked): Promise<Reply> {
  const query = listSchema.safeParse(Object.fromEntries(url.searchParams));
  if (!query.success) {
    const issue = query.error.issues[0];
    return refusal(
      422,
      'bad_input',
      `${issue?.path[0]?.toString() ?? 'the query'}: ${issue?.message ?? 'wrong'}.`,
      'Use status=a,b and limit=1…500.',
    );
  }
  const { status, limit } = query.data;
  const incidents = await bench.incidents.list({ ...(status && { status }), limit });
  return { status: 200, body: { incidents: incidents.map(({ event: _, ...rest }) => rest) } };
}

async function show(bench: Workbench, { params }: Asked): Promise<Reply> {
  const record = await bench.incidents.get(params.id ?? '');
  if (!record) return unknown(params.id);
  return { status: 200, body: await storyOf(bench, record) };
}

async function storyOf(bench: Workbench, record: IncidentRecord): Promise<object> {
  const { incident, round } = record;
  const asking = await askingOf(bench, record);
  const { decision, ...question } = asking ?? { decision: undefined };
  return {
    ...record,
    question: asking ? question : null,
    deciding: decision ?? null,
    decisions: decisionsOf(bench.db, incident, round),
    possible: possible(record.status),
    diagnosis: diagnosisOf(bench.db, incident, round) ?? null,
    ...((await detailsOf(bench, record)) ?? { tree: null, verification: null, diff: '' }),
    evidence_held: await holdsEvidence(bench, record),
    runs: runsOf(bench.db, incident, round),
    proposal: proposalOf(bench.db, incident, round) ?? null,
    transitions: await bench.incidents.transitions(incident),
    report: await reportOf(bench, incident),
  };
}

async function reportOf({ repository }: Workbench, incident: string): Promise<string | null> {
  const file = join(repository.root, reportPath(incident));
  return existsSync(file) ? clip(await readFile(file, 'utf8'), REPORT_LIMIT) : null;
}

async function decide(
  bench: Workbench,
  desk: Desk,
  { action, by }: { action: Answer['answer']; by: 'token' | 'terminal' },
  { params, body }: Asked,
): Promise<Reply> {
  const incident = params.id ?? '';
  const text = body.toString('utf8').trim();
  const {
    only_with_evidence: onlyWithEvidence,
    who = 'token',
    ...rest
  } = parseJson(text || '{}', decisionSchema, 'a decision');
  const record = await bench.incidents.get(incident);
  if (!record) return unknown(incident);
  if (onlyWithEvidence && !(await holdsEvidence(bench, record)))
    return refusal(
      409,
      'stale',
      `The evidence for ${incident} is not held by this process.`,
      'Verify it again where you are.',
    );
  // A name of the token's own choosing is no terminal's.
  const person = by === 'terminal' ? ({ channel: 'cli', who } as const) : ({ channel: 'http', who } as const);
  return replyTo(await desk.decide({ ...rest, ...person, incident, answer: action }));
}

function replyTo(decided: Decided): Reply {
  const { outcome, words } = decided;
  switch (outcome) {
    case 'won': {
      const { record, pending } = decided;
      const { incident, status, round } = record;
      return { status: pending ? 202 : 200, body: { incident, status, round, pending, message: words } };
    }
    case 'too_late':
    case 'stale':
    case 'not_possible':
      return refusal(
        409,
        outcome === 'stale' ? 'stale' : 'not_allowed',
        words,
        'See GET /api/incidents/:id for how it stands.',
      );
    case 'not_allowed':
      return refusal(403, 'not_allowed', words, '');
    case 'unknown':
      return refusal(404, 'not_found', words, 'See GET /api/incidents.');
    default:
      return outcome satisfies never;
  }
}

function unknown(id: string | undefined): Reply {
  return refusal(
    404,
    'not_found',
    `There is no incident ${JSON.stringify((id ?? '').slice(0, 60))}.`,
    'See GET /api/incidents.',
  );
}
