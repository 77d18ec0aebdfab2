import { describe, expect, it } from 'vitest';
import { agentEnvironment } from '../../../healer/runs/environment.ts';

const CALLER = {
  PATH: '/bin',
  HOME: '/home/ada',
  LC_ALL: 'de_DE.UTF-8',
  HTTPS_PROXY: 'http://proxy:3128',
  ANTHROPIC_API_KEY: 'sk-model',
  ANTHROPIC_BASE_URL: 'http://127.0.0.1:1',
  CLAUDE_CODE_OAUTH_TOKEN: 'login',
  SELF_HEALING_HOME: '/state',
  SELF_HEALING_SANDBOX: 'no-network',
  XDG_STATE_HOME: '/xdg',
  // What could publish, or make this run take itself for another one:
  GITHUB_TOKEN: 'ghp_x',
  GH_TOKEN: 'ghp_y',
  GITLAB_TOKEN: 'gl',
  NPM_TOKEN: 'npm',
  NODE_AUTH_TOKEN: 'npm',
  SSH_AUTH_SOCK: '/run/agent',
  AWS_SECRET_ACCESS_KEY: 'aws',
  GOOGLE_APPLICATION_CREDENTIALS: '/key.json',
  SLACK_BOT_TOKEN: 'xoxb',
  SELF_HEALING_TOKEN: 'dashboard',
  GIT_SSH_COMMAND: 'ssh -i key',
  GIT_CONFIG_GLOBAL: '/home/ada/.gitconfig',
  GIT_DIR: '/elsewhere/.git',
  NODE_OPTIONS: '--require=/evil.js',
  CLAUDECODE: '1',
  CLAUDE_CODE_ENTRYPOINT: 'cli',
  CLAUDE_PROJECT_DIR: '/elsewhere',
  SELF_HEALING_RUN: 'another',
};

describe('the environment of a headless agent', () => {
  const env = agentEnvironment({
    incident: 'INC-1',
    run: 'run-1',
    emptyConfig: '/state/runs/run-1/empty',
    env: CALLER,
  });

  it('keeps what the client and its login need', () => {
    for (const name of [
      'PATH',
      'HOME',
      'LC_ALL',
      'HTTPS_PROXY',
      'ANTHROPIC_API_KEY',
      'ANTHROPIC_BASE_URL',
      'CLAUDE_CODE_OAUTH_TOKEN',
      'SELF_HEALING_HOME',
      'SELF_HEALING_SANDBOX',
      'XDG_STATE_HOME',
    ] as const)
      expect(env[name], name).toBe(CALLER[name]);
  });

  it('holds nothing by which something could be published', () => {
    const values = new Set(Object.values(env));
    for (const name of [
      'GITHUB_TOKEN',
      'GH_TOKEN',
      'GITLAB_TOKEN',
      'NPM_TOKEN',
      'NODE_AUTH_TOKEN',
      'SSH_AUTH_SOCK',
      'AWS_SECRET_ACCESS_KEY',
      'GOOGLE_APPLICATION_CREDENTIALS',
      'SLACK_BOT_TOKEN',
      'SELF_HEALING_TOKEN',
      'GIT_DIR',
      'NODE_OPTIONS',
      'CLAUDECODE',
      'CLAUDE_CODE_ENTRYPOINT',
      'CLAUDE_PROJECT_DIR',
    ] as const) {
      expect(env, name).not.toHaveProperty(name);
      expect(values.has(CALLER[name]) && CALLER[name] !== '1', name).toBe(false);
    }
    expect(env).toMatchObject({
      GH_CONFIG_DIR: '/state/runs/run-1/empty',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
      CI: '1',
    });
    expect(env.GIT_SSH_COMMAND).not.toContain('key');
  });

  it('names the run, whatever the caller was part of', () => {
    expect(env).toMatchObject({ SELF_HEALING_INCIDENT: 'INC-1', SELF_HEALING_RUN: 'run-1' });
  });
});
