/** What the client itself says about the plugin's files. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLIENT, clientEnvironment } from './run-client.ts';

const ROOT = join(import.meta.dirname, '..', '..');

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'validate-'));
});
afterEach(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));

describe('claude plugin validate --strict', () => {
  // In a folder that holds both manifests the client looks at the marketplace's alone.
  it.each(['.', '.claude-plugin/plugin.json'])('passes for %s', async (path) => {
    const { stdout } = await promisify(execFile)(CLIENT, ['plugin', 'validate', '--strict', path], {
      cwd: ROOT,
      env: clientEnvironment(home, ''),
    });
    expect(stdout).toContain('Validation passed');
  });
});

/** Tokens by the client's own estimate; a text that needs more says too much. */
const BUDGET = { 'always on': 260, agents: 650, heal: 400, status: 240, learn: 330, commands: 180 };

describe('claude plugin details', () => {
  it('counts no more tokens than the texts may cost', async () => {
    const claude = async (...args: string[]) =>
      (await promisify(execFile)(CLIENT, ['plugin', ...args], { cwd: ROOT, env: clientEnvironment(home, '') })).stdout;
    await claude('marketplace', 'add', ROOT);
    await claude('install', 'self-healing@self-healing');
    const told = await claude('details', 'self-healing');
    const cost: Record<string, number> = {
      'always on': Number(/Always-on:\s+~?([\d,]+)/.exec(told)?.[1]?.replace(',', '')),
    };
    for (const [, name = '', tokens = ''] of told.matchAll(/^ {2}(\S+) +(?:~|< )\d+ +(?:~|< )([\d.,]+k?)$/gm))
      cost[name] = tokens.endsWith('k') ? Number(tokens.slice(0, -1)) * 1000 : Number(tokens.replace(',', ''));
    const { diagnostician, 'self-healing': fixer, heal, status, learn, 'always on': always, ...rest } = cost;
    const actual = { 'always on': always, agents: diagnostician, fixer, heal, status, learn, ...rest };
    console.log('tokens:', JSON.stringify(actual), 'allowed:', JSON.stringify(BUDGET));
    expect(Object.keys(rest).sort()).toEqual(['approve', 'doctor', 'init', 'skip', 'verify']);
    expect(always).toBeLessThanOrEqual(BUDGET['always on']);
    expect(diagnostician).toBeLessThanOrEqual(BUDGET.agents);
    expect(fixer).toBeLessThanOrEqual(BUDGET.agents);
    expect(heal).toBeLessThanOrEqual(BUDGET.heal);
    expect(status).toBeLessThanOrEqual(BUDGET.status);
    expect(learn).toBeLessThanOrEqual(BUDGET.learn);
    for (const [name, tokens] of Object.entries(rest)) expect(tokens, name).toBeLessThanOrEqual(BUDGET.commands);
  });
});
