import { expect, it } from 'vitest';
import { insertProposal, type Proposal, proposalOf, updateProposal } from '../../store/proposals.ts';
import { temporaryState } from './temporary.ts';

const proposal: Proposal = {
  incident: 'INC-1',
  round: 1,
  branch: 'hotfix/auto-1a2b3c4d5e6f7890',
  commit: 'c'.repeat(40),
  tree: 'a'.repeat(40),
  url: null,
  status: 'branch',
  title: 'Look the tenant up first',
  summary: 'why here',
  at: '2026-11-20T10:00:00.000Z',
};

it('is one per round, however often it is made', () => {
  const database = temporaryState();
  expect(insertProposal(database, proposal)).toEqual({ inserted: true, proposal });
  expect(insertProposal(database, { ...proposal, commit: 'd'.repeat(40) })).toEqual({ inserted: false, proposal });
  expect(insertProposal(database, { ...proposal, round: 2 }).inserted).toBe(true);
  expect(updateProposal(database, 'INC-1', 1, { status: 'pushed', url: 'https://example.test/1' })).toBe(true);
  expect(updateProposal(database, 'INC-1', 1, { status: 'merged' })).toBe(true);
  expect(updateProposal(database, 'INC-1', 3, { status: 'merged' })).toBe(false);
  expect(proposalOf(database, 'INC-1', 1)).toEqual({ ...proposal, status: 'merged', url: 'https://example.test/1' });
  expect(proposalOf(database, 'INC-1', 2)).toMatchObject({ status: 'branch' });
});
