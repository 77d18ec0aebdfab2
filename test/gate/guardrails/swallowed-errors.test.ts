import { expect, it } from 'vitest';
import type { Change } from '../../../gate/changes.ts';
import { judgeSwallowedErrors } from '../../../gate/guardrails/swallowed-errors.ts';

/** The change of a source file from one text to another; every line of the new text counts as added unless told. */
async function judged(
  newText: string,
  { oldText = '', path = 'src/a.js', kind = 'source' as Change['kind'], added = [] as number[] } = {},
) {
  const change: Change = {
    path,
    status: 'M',
    oldMode: '100644',
    newMode: '100644',
    oldBlob: 'old',
    newBlob: 'new',
    kind,
    added: 1,
    removed: 0,
    binary: false,
  };
  const lines = added.map((line) => ({ path, line, text: '' }));
  return judgeSwallowedErrors([change], lines, async (blob) => (blob === 'old' ? oldText : newText));
}

const IGNORED = {
  js: [
    'try { a(); } catch (e) {}',
    'try {\n  a();\n} catch {\n  // nobody cares\n}',
    'try { a(); } catch (error: unknown) { /* ignored */ ; }',
    'for (const x of y) { try { a(x); } catch ({ code }) { continue; } }',
    'function f() { try { return a(); } catch (e) { return; } }',
    'a().catch(() => {});',
    'a().catch((e) => undefined);',
    'a().catch(function (e) { /* never mind */ });',
    'a()\n  .catch(noop);',
  ],
  py: [
    'try:\n    a()\nexcept Exception:\n    pass\n',
    'try:\n    a()\nexcept (KeyError, ValueError) as e:  # noqa\n    # fine\n\n    ...\n',
    'for x in y:\n    try:\n        a(x)\n    except:\n        continue\n',
    'try: a()\nexcept KeyError: pass\n',
    'with contextlib.suppress(KeyError):\n    a()\n',
  ],
};
const HANDLED = {
  js: [
    'try { a(); } catch (e) { throw new HttpError(400); }',
    'try { a(); } catch (e) {\n  if (e.code !== "ENOENT") throw e;\n}',
    'try { return JSON.parse(x); } catch { return undefined; }',
    'try { a(); } finally {}',
    'a().catch((e) => log(e));',
    'a().catch(reject);',
    'class Trap { catch(x) { return this.set(x); } }',
    'val = interpret(String(val)); // nothing left to catch',
  ],
  py: [
    'try:\n    a()\nexcept KeyError:\n    raise HttpError(400)\n',
    'try:\n    return a()\nexcept KeyError:\n    return None\n',
    'try:\n    a()\nexcept KeyError as e:\n    log(e)\n    pass\n',
    'class ParseException(Exception):\n    pass\n',
  ],
};

it.each(Object.entries(IGNORED).flatMap(([end, texts]) => texts.map((text) => [text, `src/a.${end}`])))(
  'finds that %j ignores its error',
  async (text, path) => {
    expect(await judged(text, { path })).toMatchObject([{ severity: 'ask', code: 'guardrails.swallowed_error' }]);
  },
);

it.each(Object.entries(HANDLED).flatMap(([end, texts]) => texts.map((text) => [text, `src/a.${end}`])))(
  'finds nothing in %j',
  async (text, path) => {
    expect(await judged(text, { path })).toEqual([]);
  },
);

it('asks about what is new alone: a handler that was there, or is moved, stays', async () => {
  const old = 'try { a(); } catch (e) {}\n';
  expect(await judged(`// remark\n${old}b();\n`, { oldText: old, added: [1, 3] })).toEqual([]);
  const [finding] = await judged(`${old}try {\n  b();\n} catch (e) {}\n`, { oldText: old, added: [2, 3, 4] });
  expect(finding).toMatchObject({ file: 'src/a.js', line: 4 });
  expect(finding?.message).toBe(
    'Line 4 of src/a.js catches an error and does nothing with it: what fails there fails in silence.',
  );
});

it('sees a handler that was emptied, and leaves tests alone', async () => {
  const oldText = 'try { a(); } catch (e) {\n  report(e);\n}\n';
  expect(await judged('try { a(); } catch (e) {\n}\n', { oldText })).toHaveLength(1);
  expect(await judged('try { a(); } catch (e) {}', { kind: 'test', path: 'test/a.test.js' })).toEqual([]);
});

it.each([
  ['a.js', 'catch (e) { return '],
  ['a.js', 'catch {\n// '],
  ['a.js', 'catch {/* '],
  ['a.js', 'catch {    '],
  ['a.py', 'except X:\n\n # x\n'],
  ['a.py', 'except X: \n\n\n\n'],
])('reads a long %s of nothing but %j in no time', async (path, piece) => {
  const start = performance.now();
  await judged(piece.repeat(3_000), { path });
  expect(performance.now() - start).toBeLessThan(2_000);
});
