import { expect, it } from 'vitest';
import {
  madeCommit,
  type Proposal,
  proposalOf,
  rememberCommit,
  saveProposal,
  updateProposal,
} from '../../store/proposals.ts';
import { appendPublishAttempt, lastPublishAttempt } from '../../store/publish-attempts.ts';
import { temporaryState } from './temporary.ts';

const proposal: Proposal = {
  incident: 'INC-1',
  round: 1,
  branch: 'hotfix/auto-1a2b3c4d5e6f7890',
  commit: 'c'.repeat(40),
  tree: 'a'.repeat(40),
  url: null,
  base_branch: 'main',
  status: 'branch',
  title: 'Look the tenant up first',
  summary: 'why here',
  at: '2026-11-20T10:00:00.000Z',
};

it('is one per round, however often it is made, and keeps its pull request', () => {
  const database = temporaryState();
  expect(saveProposal(database, proposal)).toEqual(proposal);
  expect(saveProposal(database, { ...proposal, round: 2, status: 'pushed' })).toMatchObject({ round: 2 });
  const url = 'https://example.test/1';
  saveProposal(database, { ...proposal, status: 'pull_request', url });
  const moved = { ...proposal, commit: 'd'.repeat(40), tree: 'b'.repeat(40), at: '2026-11-21T10:00:00.000Z' };
  expect(saveProposal(database, moved)).toEqual({ ...moved, url, at: proposal.at });
  expect(updateProposal(database, 'INC-1', 1, { status: 'merged' })).toBe(true);
  expect(updateProposal(database, 'INC-1', 3, { status: 'merged' })).toBe(false);
  expect(proposalOf(database, 'INC-1', 1)).toMatchObject({ status: 'merged', url });
  expect(proposalOf(database, 'INC-1', 2)).toMatchObject({ status: 'pushed', url: null });
});

it('knows the commits that were made here, by incident and round', () => {
  const database = temporaryState();
  rememberCommit(database, proposal);
  rememberCommit(database, proposal);
  expect(madeCommit(database, 'INC-1', 1, proposal.commit)).toBe(true);
  expect(madeCommit(database, 'INC-1', 2, proposal.commit)).toBe(false);
  expect(madeCommit(database, 'INC-1', 1, 'd'.repeat(40))).toBe(false);
});

it('tells the newest reason why publishing did not succeed', () => {
  const database = temporaryState();
  expect(lastPublishAttempt(database, 'INC-1', 1)).toBeUndefined();
  const attempt = {
    incident: 'INC-1',
    round: 1,
    state: 'unreachable',
    why: 'w',
    next: 'n',
    url: null,
    at: proposal.at,
  };
  appendPublishAttempt(database, attempt);
  appendPublishAttempt(database, { ...attempt, state: 'already_proposed', url: 'https://example.test/2' });
  expect(lastPublishAttempt(database, 'INC-1', 1)).toMatchObject({ state: 'already_proposed' });
  expect(lastPublishAttempt(database, 'INC-1', 2)).toBeUndefined();
});
