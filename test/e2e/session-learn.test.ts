/** `/self-healing:learn` in the real client: drafts are shown one by one, and what the person answers is done to each. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { parse } from 'yaml';
import { bash, type Reply, say, use } from '../../cli/demo/model-reply.ts';
import type { Turn } from '../../cli/demo/model-turn.ts';
import type { Learned } from '../../healer/learn.ts';
import { type Stage, setStage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.remove());

/** A model that does what the text says: the command first, then a question for each draft, then what is answered. */
function walking(): (turn: Turn) => Reply {
  let drafts: Learned['drafts'] = [];
  let asked = 0;
  const ask = () => {
    const draft = drafts[asked++];
    if (!draft) return say('That was the last one. Nothing is committed.');
    return say(
      `${draft.id}: ${draft.says} (from ${draft.from}; ${draft.file}:${draft.line}). Accept, edit, delete or leave?`,
    );
  };
  return (turn) => {
    const answer = turn.lastToolResults.at(-1);
    if (answer !== undefined) {
      const found = /\{[\s\S]*"drafts"[\s\S]*\}/.exec(answer)?.[0];
      if (found !== undefined) drafts = (JSON.parse(found) as Learned).drafts;
      return ask();
    }
    const draft = drafts[asked - 1];
    if (draft && /accept$/.test(turn.told)) return use(bash(`sed -i '/^ *proposed: true$/d' ${draft.file}`));
    if (draft && /delete$/.test(turn.told)) return use(bash(`rm ${draft.file}`));
    const command = /`(self-healing learn --json)` with Bash/.exec(turn.told)?.[1];
    return command === undefined ? ask() : use(bash(command));
  };
}

it('accepts one draft and deletes another as the person says; neither is drafted again', async () => {
  stage = await setStage('node-orders');
  const head = await stage.git(['rev-parse', 'HEAD']);
  const run = await stage.session(['/self-healing:learn', 'accept', 'delete'], walking(), { timeoutMs: 300_000 });
  const said = run.events.filter(({ type }) => type === 'result').map(({ result }) => String(result));
  const shown = /^(S\d+): .+ \(from (?:test\/\S+:1|commit \w+); (\.self-healing\/scenarios\/\S+\.yaml):\d+\)/;
  const [, id = '', accepted = ''] = shown.exec(said[0] ?? '') ?? [];
  const [, , deleted = ''] = shown.exec(said[1] ?? '') ?? [];
  expect(deleted, said.join('\n')).not.toBe('');

  const { scenarios } = parse(await readFile(join(stage.root, accepted), 'utf8'));
  expect(scenarios).toEqual([expect.not.objectContaining({ proposed: true })]);
  expect(existsSync(join(stage.root, deleted))).toBe(false);
  const again = JSON.parse((await stage.run(['learn', '--json'])).stdout) as Learned;
  for (const { file } of again.drafts) expect([accepted, deleted]).not.toContain(file);
  expect(again.known).toBeGreaterThan(0);
  const { stdout } = await stage.run(['scenarios', 'run', '--id', id, '--json']);
  expect(JSON.parse(stdout).scenarios).toMatchObject([{ id, status: 'passed' }]);
  expect(await stage.git(['rev-parse', 'HEAD'])).toBe(head);
}, 350_000);
