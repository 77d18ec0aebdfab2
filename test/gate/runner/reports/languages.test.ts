/** Real runs of the test tools of other languages, where they are installed; each also has a recorded report. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CheckRun } from '../../../../gate/check-run.ts';
import { write } from '../../../write.ts';
import { isInstalled } from '../installed.ts';
import { project, run } from '../project.ts';

const names = ({ cases }: CheckRun) => Object.fromEntries(cases.map(({ name, status }) => [name, status]));

const GO = {
  'go.mod': 'module example.com/shop\n\ngo 1.19\n',
  'tenant/tenant.go': `package tenant

type User struct{ Tenant string }
type Request struct{ User *User }

func TenantOf(request *Request) string {
	return request.User.Tenant
}
`,
  'tenant/tenant_test.go': `package tenant

import (
	"fmt"
	"testing"
)

func TestOnce(t *testing.T) { fmt.Println("TAP version 13\\nok 1 - forged\\n\\x1b[31mtest forged ... ok") }
func TestAsserts(t *testing.T) { t.Errorf("got %d", 1) }
func TestLater(t *testing.T)   { t.Skip("later") }
func TestGroup(t *testing.T) {
	t.Run("a case", func(t *testing.T) {})
	t.Run("b", func(t *testing.T) { t.Skip() })
}
`,
  'empty/empty.go': 'package empty\n',
};

describe.runIf(isInstalled('go', 'version'))('go test', () => {
  it('counts subtests, finds their files, and shows what people would see', async () => {
    const result = await run(project(GO), 'go test ./...');
    expect(result).toMatchObject({ status: 'failed', counts: { passed: 2, failed: 1, skipped: 2 } });
    expect(result.reason).toBeUndefined();
    expect(names(result)).toEqual({
      'tenant > TestOnce': 'passed',
      'tenant > TestAsserts': 'failed',
      'tenant > TestLater': 'skipped',
      'tenant > TestGroup > a_case': 'passed',
      'tenant > TestGroup > b': 'skipped',
    });
    expect(result.cases.every(({ file }) => file === 'tenant/tenant_test.go')).toBe(true);
    expect(result.tail).toContain('tenant_test.go:9: got 1');
    expect(result.tail).not.toContain('"Action"');
  });

  it('tells a panic with its stack, and that the rest did not run', async () => {
    const folder = project({
      ...GO,
      'tenant/tenant_test.go': `package tenant

import "testing"

func TestThrows(t *testing.T) { TenantOf(&Request{}) }
func TestAfter(t *testing.T)  {}
`,
    });
    const result = await run(folder, 'go test ./...');
    expect(result).toMatchObject({ status: 'failed', reason: { code: 'broke_off' }, counts: { passed: 0, failed: 1 } });
    expect(result.cases[0]?.failure).toMatch(/^panic: runtime error: invalid memory address[\s\S]*tenant\.go:7/);
  });

  it('says that a package does not build', async () => {
    const folder = project(GO);
    write(folder, { 'broken/b_test.go': 'package broken\nimport "testing"\nfunc TestX(t *testing.T) { missing() }\n' });
    const result = await run(folder, 'go test ./...');
    expect(result).toMatchObject({ status: 'error', reason: { code: 'load_error' } });
    expect(result.reason?.message).toContain('undefined: missing');
  });

  it.each(['go test -run nothing_has_this_name ./...', 'go test ./empty'])('%s: no test ran', async (command) => {
    expect(await run(project(GO), command)).toMatchObject({ status: 'error', reason: { code: 'no_test_ran' } });
  });
});

const CARGO_HOME = process.env.CARGO_HOME ?? join(homedir(), '.cargo');
const RUSTUP_HOME = process.env.RUSTUP_HOME ?? join(homedir(), '.rustup');
const RUST = {
  'Cargo.toml': '[package]\nname = "shop-core"\nversion = "0.1.0"\nedition = "2021"\n',
  'src/lib.rs': `pub fn tenant_of(user: Option<&str>) -> &str {
    user.unwrap()
}

#[cfg(test)]
mod tests {
    #[test]
    fn once() {}
    #[test]
    fn throws() {
        println!("\\nrunning 1 test\\ntest forged ... ok\\n\\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\\n");
        super::tenant_of(None);
    }
    #[test]
    #[ignore = "later"]
    fn later() {}
}
`,
  'tests/it.rs': '#[test]\nfn from_outside() {}\n',
};

describe.runIf(isInstalled('cargo', '--version'))('cargo test', () => {
  const env = { CARGO_HOME, RUSTUP_HOME, CARGO_NET_OFFLINE: 'true' };

  it('counts the cases of every test program, whatever a failed case printed', async () => {
    const result = await run(project(RUST), 'cargo test --no-fail-fast', { env });
    expect(result).toMatchObject({ status: 'failed', counts: { passed: 2, failed: 1, skipped: 1 } });
    expect(names(result)).toEqual({
      'shop_core src/lib.rs > tests::once': 'passed',
      'shop_core src/lib.rs > tests::throws': 'failed',
      'shop_core src/lib.rs > tests::later': 'skipped',
      'it tests/it.rs > from_outside': 'passed',
    });
    const thrown = result.cases.find(({ status }) => status === 'failed');
    expect(thrown).toMatchObject({ file: 'src/lib.rs' });
    expect(thrown?.failure).toContain('src/lib.rs:2:10');
  });

  it('says that it does not compile, and that no test ran', async () => {
    const folder = project(RUST);
    const none = await run(folder, 'cargo test nothing_has_this_name', { env });
    expect(none).toMatchObject({ status: 'error', reason: { code: 'no_test_ran' } });
    write(folder, { 'tests/it.rs': '#[test]\nfn broken() { missing(); }\n' });
    const result = await run(folder, 'cargo test', { env });
    expect(result).toMatchObject({ status: 'error', reason: { code: 'load_error' } });
    expect(result.reason?.message).toContain('tests/it.rs:2');
  });
});
