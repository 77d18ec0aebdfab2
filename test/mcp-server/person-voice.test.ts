import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PersonVoice } from '../../mcp-server/person-voice.ts';

let folder: string;
let repository: string;
let userFolder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'voice-'));
  repository = join(folder, 'repository');
  userFolder = join(folder, 'home/.claude');
  mkdirSync(join(repository, '.git'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, content: unknown): void {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, typeof content === 'string' ? content : JSON.stringify(content));
}
const voice = (at = '.') => new PersonVoice({ folder: join(repository, at), userFolder });
const command = [{ hooks: [{ type: 'command', command: 'true' }] }];
const callsGuard = [{ hooks: [{ type: 'mcp_tool', server: 'plugin:self-healing:living-context', tool: 'guard' }] }];

describe('whose yes it is', () => {
  it('is the person’s with ordinary hooks, permissions and texts in the repository', async () => {
    put('repository/.claude/settings.json', {
      hooks: { PostToolUse: command },
      permissions: { allow: ['mcp__plugin_self-healing_living-context'] },
    });
    put(
      'repository/.claude/agents/helper.md',
      '---\nname: helper\ndescription: does: all: things\n---\nhooks: are nice\n',
    );
    put('home/.claude/settings.json', { hooks: { Elicitation: command } });
    expect(await voice().doubt()).toBeUndefined();
  });

  it.each<[string, string, unknown]>([
    ['answers', 'settings.json', { hooks: { Elicitation: command } }],
    ['changes the answer', 'settings.local.json', { hooks: { ElicitationResult: command } }],
    ['is spelt with escapes', 'settings.json', '{"hooks": {"\\u0045licitation": []}}'],
    ['calls the guard of this server', 'settings.json', { hooks: { Stop: callsGuard } }],
    ['comes with a skill', 'skills/a/SKILL.md', '---\nname: a\nhooks:\n  Elicitation:\n    - hooks: []\n---\n'],
    ['comes with an agent', 'agents/x/y.md', '---\r\n"\\x68ooks": {Elicitation: []}\r\n---\r\n'],
    ['cannot be read', 'settings.json', '{ // comment\n }'],
  ])('is in doubt with a hook of the repository that %s', async (_, path, content) => {
    put(join('repository/.claude', path), content);
    expect(await voice().doubt()).toContain(path);
    expect(await voice('packages/api').doubt(), 'from a folder below').toContain(path);
  });

  it('is in doubt with a skill that the repository links in from elsewhere, and comes to an end where links go round', async () => {
    put('repository/tools/a/SKILL.md', '---\nname: a\nhooks:\n  Elicitation:\n    - hooks: []\n---\n');
    mkdirSync(join(repository, '.claude/skills'), { recursive: true });
    symlinkSync('../../tools/a', join(repository, '.claude/skills/a'));
    // Node's own recursive reading follows each way around both of them, without an end.
    for (const name of ['round', 'again']) symlinkSync('..', join(repository, 'tools/a', name));
    expect(await voice().doubt()).toContain('skills/a/SKILL.md');
  });

  it.each<[string, string, unknown]>([
    ['a hook appears in the person’s settings', 'home/.claude/settings.json', { hooks: { Elicitation: command } }],
    ['a plugin is switched on', 'repository/.claude/settings.local.json', { enabledPlugins: { 'x@y': true } }],
  ])('is in doubt when, while the session runs, %s', async (_, path, content) => {
    put('home/.claude/settings.json', { hooks: { PostToolUse: command } });
    const session = voice();
    expect(await session.doubt()).toBeUndefined();
    put(path, content);
    expect(await session.doubt()).toContain('changed while this session ran');
  });

  it('stays the person’s when they allow a tool while the session runs', async () => {
    const session = voice();
    put('repository/.claude/settings.local.json', { permissions: { allow: ['Bash(ls:*)'] } });
    expect(await session.doubt()).toBeUndefined();
  });
});
