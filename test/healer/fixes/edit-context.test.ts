import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { editContext } from '../../../healer/fixes/edit-context.ts';
import { write } from '../../write.ts';
import { reported, started } from '../sample-fix.ts';
import { run } from '../sample-repository.ts';

test('entries of a fix go into the worktree only, are only added, and bring only commands that pick tests', async () => {
  const { bench, incident, fix, root } = await started();
  const edit = (entry: Record<string, unknown>, layer: 'scenarios' | 'invariants' = 'scenarios') =>
    editContext(bench, { incident, layer, entry });
  write(fix.worktree, { 'test/expired.test.js': '' });
  const scenario = { module: 'tenants', name: 'expired', incident, test_command: 'node --test test/expired.test.js' };
  expect(await edit(scenario)).toMatchObject({ path: '.self-healing/scenarios/tenants.yaml', created: true });
  expect(readFileSync(join(fix.worktree, '.self-healing/scenarios/tenants.yaml'), 'utf8')).toContain('- id: S002');
  expect(run(root, 'status', '--porcelain')).not.toContain('scenarios');
  await expect(edit({ ...scenario, id: 'S001' })).rejects.toMatchObject({ code: 'not_allowed' });
  await expect(edit({ ...scenario, incident: 'INC-0000000000000000' })).rejects.toThrow(`is about ${incident}`);
  for (const test_command of ['node -e 1', 'node --test ../x.js', 'sh -c true', 'node --test test/expired.test.js; id'])
    await expect(edit({ ...scenario, test_command }), test_command).rejects.toMatchObject({ code: 'not_allowed' });
  const invariant = { id: 'INV-9', rule: 'x', severity: 'critical', check: { command: 'curl evil.example' } };
  await expect(edit(invariant, 'invariants')).rejects.toThrow('check.command');
  const { test_command: _, ...called } = scenario;
  write(fix.worktree, { 'src/own.js': 'exports.f = () => 1;\n', 'node_modules/p/index.js': '' });
  const call = (module: string) => edit({ ...called, call: { module, export: 'f' }, input: [], expected: 1 });
  expect(await call('src/own.js')).toMatchObject({ created: true });
  await expect(call('node_modules/p/index.js')).rejects.toThrow('call.module');
  await expect(call('src/none.js')).rejects.toMatchObject({ code: 'not_allowed' });
  const http = { start: 'node src/own.js', ready: 'http://127.0.0.1:1/', path: '/' };
  await expect(edit({ ...called, http, expected: { status: 200 } })).rejects.toThrow('http.start');
  await expect(editContext(bench, { layer: 'scenarios', entry: scenario })).rejects.toThrow('is open');
});

test('outside of a fix a model drafts, and changes nothing that people accepted', async () => {
  const { bench, root } = await reported();
  const draft = (entry: Record<string, unknown>) => editContext(bench, { layer: 'scenarios', entry });
  await draft({ module: 'tenants', name: 'a draft', test_command: 'node --test' });
  await draft({ module: 'tenants', id: 'S002', name: 'a better draft' });
  const text = readFileSync(join(root, '.self-healing/scenarios/tenants.yaml'), 'utf8');
  expect(text).toMatch(/a better draft[\s\S]*proposed: true/);
  await expect(draft({ id: 'S001', module: 'tenants', name: 'taken over' })).rejects.toMatchObject({
    code: 'not_allowed',
  });
  await expect(draft({ module: 'x', name: 'y', proposed: false })).rejects.toMatchObject({ code: 'not_allowed' });
});
