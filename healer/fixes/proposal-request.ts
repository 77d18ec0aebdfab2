/** The title and summary that an agent proposes with: kept from its call until a parent or a person publishes. */
import { z } from 'zod';
import { openCache } from '../../store/cache.ts';
import type { Workbench } from '../workbench.ts';

const requestSchema = z.object({ title: z.string(), summary: z.string(), at: z.string() });
export type ProposalRequest = z.infer<typeof requestSchema>;

/** The agent's words at most; a pull request's title and body have limits of their own. */
const TITLE_LIMIT = 200;
const SUMMARY_LIMIT = 8000;

export function saveRequest(bench: Workbench, incident: string, round: number, title: string, summary: string): void {
  const request: ProposalRequest = {
    title: title.slice(0, TITLE_LIMIT),
    summary: summary.slice(0, SUMMARY_LIMIT),
    at: bench.now().toISOString(),
  };
  openCache(bench.db, 'proposal_requests', bench.now).set(`${incident}/${round}`, request);
}

export function requestOf(bench: Workbench, incident: string, round: number): ProposalRequest | undefined {
  const found = requestSchema.safeParse(
    openCache(bench.db, 'proposal_requests', bench.now).get(`${incident}/${round}`),
  );
  return found.success ? found.data : undefined;
}

/** A new attempt has not asked for anything yet. */
export function dropRequest(bench: Workbench, incident: string, round: number): void {
  openCache(bench.db, 'proposal_requests', bench.now).remove(`${incident}/${round}`);
}
