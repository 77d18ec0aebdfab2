/**
 * Records `recorded/`: plays every scene with the real client and a scripted model, keeps the transcripts as the client
 * wrote them, and writes the index. `node test/corpus/guards/record.mjs [SCENE…]`; install the client first with
 * `node test/e2e/install-client.mjs`. Takes two minutes.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { circling } from './recording/circling.ts';
import { honest } from './recording/honest.ts';
import { indexEntry } from './recording/index-entry.ts';
import { playScene } from './recording/play-scene.ts';
import type { Told } from './recording/scene.ts';

const folder = join(import.meta.dirname, 'recorded');
const index = join(folder, 'index.jsonl');

/** The scenes of these ids, or all. */
export async function record(ids: readonly string[]): Promise<void> {
  const scenes = [...circling, ...honest].filter(({ id }) => ids.length === 0 || ids.includes(id));
  const entries = readIndex();
  for (const scene of scenes) {
    const { main, agents } = await playScene(scene);
    if (scene.told !== undefined) save(`${scene.id}.jsonl`, main, scene.told, scene.about);
    for (const [word, { told }] of Object.entries(scene.agents ?? {})) {
      const text = agents.get(word);
      if (text === undefined) throw new Error(`${scene.id}: the agent ${word} left no transcript`);
      save(`${scene.id}.agent-${word.toLowerCase()}.jsonl`, text, told, scene.about);
    }
  }
  writeFileSync(index, [...entries.values()].map((entry) => `${JSON.stringify(entry)}\n`).join(''));

  function save(file: string, text: string, told: Told, about: string): void {
    writeFileSync(join(folder, file), text);
    entries.set(file, indexEntry(file, text, told, about));
    console.log(`${file} ${text.length} bytes`);
  }
}

function readIndex(): Map<string, object> {
  const lines = existsSync(index) ? readFileSync(index, 'utf8').split('\n').filter(Boolean) : [];
  return new Map(lines.map((line) => JSON.parse(line) as { file: string }).map((entry) => [entry.file, entry]));
}
