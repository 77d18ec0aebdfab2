/** Whether a frame is of the application. The SDK knows best, but some never say, and some take every frame for their own. */
import type { SentryFrame } from './event-schema.ts';

/** Never of the application, whatever the SDK says: SDKs for browsers call every frame so. */
const FOREIGN =
  /(?:^|\/)(?:node_modules|site-packages|dist-packages)\/|^(?:node|native|wasm|bun|deno|ext|chrome-extension|moz-extension):|^internal\/|^webpack\/|^<|^\[(?:native|internal)/;
/** Where package managers and runtimes of the other languages put their code. */
const FOREIGN_PATH =
  /(?:^|\/)(?:vendor|bower_components|\.cargo|rustc|\.m2|\.gradle|\.nuget)\/|\/(?:gems|bundler)\/|\/lib(?:64)?\/(?:python\d|ruby\/|rustlib\/)|\/go\/(?:src|pkg\/mod)\/|\/_\/src\//;
/** Packages and name spaces of runtimes and of the frameworks that most stacks pass. */
const FOREIGN_MODULE = new RegExp(
  [
    '^(?:javax?|jdk|sun|com\\.sun|jakarta|kotlinx?|scala|groovy|android|androidx|dalvik|reactor)\\.',
    '^org\\.(?:springframework|apache|hibernate|eclipse|junit|jboss|postgresql)\\.',
    '^io\\.(?:netty|undertow|micrometer)\\.',
    '^(?:System|Microsoft)(?:\\.|$)',
    '^(?:std|core|alloc|tokio|hyper|axum|actix_web|sentry)::',
    '^(?:runtime|reflect|net/http|testing)$',
  ].join('|'),
);

export function isInApp({ in_app, abs_path, filename, module, function: name, package: unit }: SentryFrame): boolean {
  if (in_app === false) return false;
  const paths = [abs_path, filename].flatMap((path) => path?.replaceAll('\\', '/') ?? []);
  if (paths.some((path) => FOREIGN.test(path))) return false;
  if (in_app === true) return true;
  if (paths.some((path) => FOREIGN_PATH.test(path))) return false;
  // Rust names the module within the function, as `std::rt::lang_start`.
  const home = module ?? (name?.includes('::') ? name.replace(/^<?(?:&|dyn )*/, '') : undefined) ?? unit;
  return home === undefined ? paths.length > 0 : !FOREIGN_MODULE.test(home);
}
