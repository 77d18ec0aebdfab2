/**
 * The environment of a headless agent: a list of what may pass, and nothing else. The client's login needs the user's
 * HOME and its own variables; what could publish (tokens, SSH agents, git and GitHub settings, cloud keys) stays out.
 */
import { UNATTENDED } from '../../gate/runner/environment.ts';

/** Passed on as they are. */
const PASSED = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TERM',
  'COLORTERM',
  'TMPDIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'all_proxy',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'XDG_CONFIG_HOME',
  'XDG_STATE_HOME',
  'XDG_CACHE_HOME',
  'XDG_DATA_HOME',
  'SELF_HEALING_HOME',
  'SELF_HEALING_SANDBOX',
  'CLAUDE_CONFIG_DIR',
  // A key that opens models and nothing else.
  'AWS_BEARER_TOKEN_BEDROCK',
  'AWS_REGION',
  'CLOUD_ML_REGION',
  'API_TIMEOUT_MS',
  'DISABLE_TELEMETRY',
  'DISABLE_AUTOUPDATER',
  'DISABLE_ERROR_REPORTING',
  'VOLTA_HOME',
  'NVM_DIR',
  'PYENV_ROOT',
  'VIRTUAL_ENV',
]);
/** The client's own, its model's and its region's; `LC_*` are languages. */
const PASSED_PREFIXES = ['ANTHROPIC_', 'CLAUDE_CODE_', 'LC_', 'MCP_'];
/** They would make the client take itself for one that runs inside another one's session. */
const NOT_PASSED = new Set(['CLAUDECODE', 'CLAUDE_CODE_ENTRYPOINT', 'CLAUDE_CODE_SESSION_ID', 'CLAUDE_CODE_SSE_PORT']);

/** What an agent's shell needs besides: nothing that waits for an answer, and no key of the user's. */
const AGENT_ONLY: Record<string, string> = {
  GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o IdentitiesOnly=yes -o IdentityAgent=none -o IdentityFile=/dev/null',
  GIT_SEQUENCE_EDITOR: 'true',
  PAGER: 'cat',
  EDITOR: 'true',
  DEBIAN_FRONTEND: 'noninteractive',
  DISABLE_AUTOUPDATER: '1',
};

export interface AgentEnvironmentOptions {
  incident: string;
  run: string;
  /** An empty folder of the run's own: where `gh` and git look for settings and find none. */
  emptyConfig: string;
  /** The caller's environment; default this process's. */
  env?: Record<string, string | undefined>;
}

export function agentEnvironment(options: AgentEnvironmentOptions): Record<string, string> {
  const given = options.env ?? process.env;
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) if (value !== undefined && isPassed(name)) passed[name] = value;
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LANG: 'C.UTF-8',
    // The client's own tries are few, because what fails is tried again by us, in the same session.
    CLAUDE_CODE_MAX_RETRIES: '3',
    ...passed,
    ...UNATTENDED,
    ...AGENT_ONLY,
    GH_CONFIG_DIR: options.emptyConfig,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    SELF_HEALING_INCIDENT: options.incident,
    SELF_HEALING_RUN: options.run,
  };
}

function isPassed(name: string): boolean {
  if (NOT_PASSED.has(name)) return false;
  return PASSED.has(name) || PASSED_PREFIXES.some((prefix) => name.startsWith(prefix));
}
