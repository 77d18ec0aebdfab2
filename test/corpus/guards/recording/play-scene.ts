/** Plays one scene with the real client in a repository made for it, and hands out the transcripts that it wrote. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Reply, say } from '../../../../cli/demo/model-reply.ts';
import type { Script } from '../../../../cli/demo/scripted-model.ts';
import { runClient } from '../../../e2e/run-client.ts';
import { neutralTranscript } from './neutral-names.ts';
import { ROOT, type Scene } from './scene.ts';

export interface Transcripts {
  main: string;
  /** By the word that the agent's prompt begins with. */
  agents: Map<string, string>;
}

const PROJECT = join(import.meta.dirname, '..', '..', '..', '..');
const IDENTITY = ['-c', 'user.name=Dev', '-c', 'user.email=dev@example.com', '-c', 'commit.gpgSign=false'];
const TIMEOUT_MS = 120_000;

export async function playScene(scene: Scene): Promise<Transcripts> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'recording-')));
  const root = join(folder, 'app');
  const home = join(folder, 'home');
  try {
    await mkdir(home);
    await makeRepository(scene, root);
    const prompts = [...scene.prompts];
    const run = await runClient({
      args: [
        '-p',
        '--permission-mode',
        'dontAsk',
        '--allowedTools',
        ...(scene.allowed ?? ['Read', 'Edit', 'Write', 'Bash']),
      ],
      cwd: root,
      home,
      model: scriptOf(scene, root),
      timeoutMs: TIMEOUT_MS,
      person: () => prompts.shift(),
    });
    if (run.exit !== 0) throw new Error(`${scene.id}: the client ended with ${run.exit}: ${run.stderr}`);
    return await readTranscripts(scene, { root, home, project: PROJECT });
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

async function makeRepository(scene: Scene, root: string): Promise<void> {
  const git = (...args: string[]) => promisify(execFile)('git', [...IDENTITY, ...args], { cwd: root });
  await mkdir(root);
  await git('init', '-q', '-b', 'main');
  for (const [count, files] of [scene.files, ...(scene.commits ?? [])].entries()) {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    await git('add', '.');
    await git('commit', '-q', '-m', count === 0 ? 'The app' : `Change ${count}`);
  }
}

/** The main conversation answers by its step, a subagent by the word that its prompt begins with and its own step. */
function scriptOf(scene: Scene, root: string): Script {
  return (turn) => {
    const replies = isSubagent(turn.headers) ? agentOf(scene, JSON.stringify(turn.messages)) : scene.main;
    return placed(replies[turn.step] ?? say('Nothing is left to do.'), root);
  };
}

function isSubagent(headers: Record<string, unknown>): boolean {
  return headers['x-claude-code-agent-id'] !== undefined;
}

function agentOf(scene: Scene, conversation: string): Reply[] {
  const agent = Object.entries(scene.agents ?? {}).find(([word]) => conversation.includes(`${word}:`));
  if (agent === undefined) throw new Error(`${scene.id} has no such agent: ${conversation.slice(0, 400)}`);
  return agent[1].replies;
}

function placed(reply: Reply, root: string): Reply {
  return JSON.parse(JSON.stringify(reply).replaceAll(ROOT, root)) as Reply;
}

async function readTranscripts(scene: Scene, places: Parameters<typeof neutralTranscript>[1]): Promise<Transcripts> {
  const folder = join(places.home, '.claude', 'projects');
  const found = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.jsonl'));
  const agents = new Map<string, string>();
  let main = '';
  for (const path of found) {
    const text = neutralTranscript(await readFile(join(folder, path), 'utf8'), places);
    const word = Object.keys(scene.agents ?? {}).find((name) => text.includes(`"content":"${name}:`));
    if (!path.includes('subagents')) main = text;
    else if (word !== undefined) agents.set(word, text);
  }
  return { main, agents };
}
