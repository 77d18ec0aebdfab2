/** Ecosystems whose test command follows from the manifest alone. */
import type { ProjectFiles } from './project-files.ts';
import { found, notFound, type TestCommand } from './test-command.ts';

const has = (files: ProjectFiles, path: string) => files.paths.includes(path);

export function detectGo(files: ProjectFiles): TestCommand {
  return has(files, 'go.mod') ? found('go test ./...', 'there is a go.mod') : notFound();
}

export function detectRust(files: ProjectFiles): TestCommand {
  return has(files, 'Cargo.toml') ? found('cargo test', 'there is a Cargo.toml') : notFound();
}

export function detectJava(files: ProjectFiles): TestCommand {
  if (has(files, 'pom.xml')) return found(has(files, 'mvnw') ? './mvnw -B test' : 'mvn -B test', 'there is a pom.xml');
  const gradle = ['build.gradle', 'build.gradle.kts'].find((path) => has(files, path));
  if (gradle) return found(has(files, 'gradlew') ? './gradlew test' : 'gradle test', `there is a ${gradle}`);
  return notFound();
}

export async function detectMake(files: ProjectFiles): Promise<TestCommand> {
  const text = await files.read('Makefile');
  return text !== undefined && /^test\s*:(?!=)/m.test(text)
    ? found('make test', 'the Makefile has a target test')
    : notFound();
}
