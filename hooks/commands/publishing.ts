/** Programs that put a package, an image or a deployment into the world. */
import type { Denial } from '../rules.ts';
import type { SimpleCommand } from '../shell.ts';
import { subCommands } from './operands.ts';
import { clip, denial } from './policy.ts';

const NODE =
  /^(publish|unpublish|deprecate|dist-tag|owner|access|token|login|adduser|npm (publish|login|tag)|(run|run-script|rum|urn) (deploy|publish|release)\b|(deploy|release)\b|workspaces foreach .*\bpublish|stage publish)/;
const CONTAINER =
  /^(push\b|image push|manifest push|compose (push|publish)|buildx imagetools create|stack deploy|service (create|update|scale|rm)|trust|login|plugin push|artifact push)/;
const CLUSTER =
  /^(apply|create|delete|patch|edit|replace|set|scale|autoscale|rollout|exec|cp|label|annotate|run|expose|drain|cordon|uncordon|taint|debug|attach|port-forward|proxy|auth reconcile|certificate)\b/;
const INFRASTRUCTURE =
  /^(apply|destroy|import|taint|untaint|state (rm|mv|push)|push|refresh|workspace (new|delete)|login|force-unlock|cloud)\b/;
const TASKS = /^((\w+:)*(deploy|publish|release|push|upload)([:_-]\w+)*)$/;
const ANYTHING = /./;

/** Program → the sub-commands that publish; `ANYTHING`: whatever it does, bar asking for help. */
const PUBLISHING: Readonly<Record<string, RegExp>> = {
  npm: NODE,
  pnpm: NODE,
  yarn: NODE,
  bun: NODE,
  lerna: /^(publish|version)/,
  nx: /^release/,
  turbo: /^(run )?(deploy|publish|release)/,
  rush: /^publish/,
  changeset: /^(publish|tag)/,
  'semantic-release': ANYTHING,
  'release-it': ANYTHING,
  np: ANYTHING,
  'auto-release': ANYTHING,
  jsr: /^publish/,
  deno: /^(publish|deploy)/,
  vsce: /^(publish|unpublish)/,
  ovsx: /^publish/,
  'gh-pages': ANYTHING,
  twine: /^(upload|register)/,
  poetry: /^publish/,
  uv: /^publish/,
  flit: /^publish/,
  hatch: /^publish/,
  pdm: /^publish/,
  maturin: /^(publish|upload)/,
  anaconda: /^upload/,
  conda: /^(upload|build --upload)/,
  cargo: /^(publish|yank|owner|login)/,
  gem: /^(push|yank|owner)/,
  rake: /^(release|deploy|gem:push)/,
  cap: ANYTHING,
  mvn: /\b(deploy|release:\w+|site-deploy|nexus-staging:\w+)\b/,
  mvnw: /\b(deploy|release:\w+)\b/,
  gradle: /\b(publish\w*|uploadArchives|release|bintrayUpload)\b/,
  gradlew: /\b(publish\w*|uploadArchives|release)\b/,
  sbt: /\b(publish\w*|release)\b/,
  lein: /^(deploy|release)/,
  mix: /^hex\.publish/,
  rebar3: /^hex publish/,
  nuget: /^push/,
  dotnet: /^nuget push/,
  cabal: /^upload/,
  stack: /^upload/,
  luarocks: /^upload/,
  conan: /^upload/,
  dart: /^pub publish/,
  flutter: /^pub publish/,
  pod: /^(trunk )?push/,
  fastlane: ANYTHING,
  goreleaser: /^(release|publish)/,
  docker: CONTAINER,
  podman: CONTAINER,
  nerdctl: CONTAINER,
  buildah: /^(push|login)/,
  skopeo: /^(copy|sync|delete)/,
  crane: /^(push|copy|tag|delete|append|mutate)/,
  oras: /^(push|copy|attach)/,
  ko: /^(apply|publish|build|resolve|create)/,
  helm: /^(push|install|upgrade|uninstall|delete|rollback|registry login|s3 push|cm-push)/,
  kubectl: CLUSTER,
  oc: CLUSTER,
  k9s: ANYTHING,
  kustomize: /^deploy/,
  skaffold: /^(run|deploy|dev|apply)/,
  argocd: /^(app|login|repo)/,
  flux: /^(bootstrap|create|delete|reconcile|suspend|resume)/,
  nomad: /^(job )?(run|stop|deploy)/,
  terraform: INFRASTRUCTURE,
  tofu: INFRASTRUCTURE,
  terragrunt: INFRASTRUCTURE,
  pulumi: /^(up|update|destroy|import|refresh|stack rm|login)/,
  cdk: /^(deploy|destroy|bootstrap|import)/,
  serverless: /^(deploy|remove|rollback|login)/,
  sls: /^(deploy|remove|rollback)/,
  sam: /^(deploy|delete|sync|publish)/,
  eb: ANYTHING,
  copilot: /^(deploy|svc deploy|env deploy|app delete)/,
  vercel: /^(?!(list|ls|inspect|logs|whoami|help|dev|build)\b)./,
  now: ANYTHING,
  netlify: /^(deploy|api|env:set|sites:)/,
  flyctl: /^(?!(status|logs|version|help)\b)./,
  fly: /^(?!(status|logs|version|help)\b)./,
  heroku: /^(?!(logs|help|version|apps:info)\b)./,
  wrangler: /^(deploy|publish|delete|rollback|secret|pages (deploy|publish)|r2|kv|d1)/,
  railway: /^(up|deploy|redeploy|down|delete)/,
  render: /^deploys/,
  firebase: /^(deploy|hosting:|functions:(delete|config)|firestore:delete)/,
  surge: ANYTHING,
  dokku: ANYTHING,
  aws: /^(?!\S+ (describe|get|list|ls|help|head|wait|presign)[\w-]*|help|configure list|sts get|logs (tail|filter))./,
  gcloud: /^(?!(\S+ )*?(list|describe|info|version|help|read)\b)./,
  az: /^(?!(\S+ )*?(list|show|version|help)\b)./,
  gsutil: /^(?!(ls|cat|stat|version|help|du)\b)./,
  rclone: /^(?!(ls\w*|cat|size|version|help|check|md5sum)\b)./,
  s3cmd: /^(put|sync|del|cp|mv)/,
  mc: /^(cp|mv|mirror|rm|pipe)/,
  ansible: ANYTHING,
  'ansible-playbook': ANYTHING,
  salt: ANYTHING,
  chef: /^push/,
  knife: ANYTHING,
  puppet: /^apply/,
  make: TASKS,
  gmake: TASKS,
  just: TASKS,
  task: TASKS,
  invoke: TASKS,
  inv: TASKS,
  nox: TASKS,
  tox: TASKS,
  doit: TASKS,
};

export function judgePublishing(command: SimpleCommand, name: string): Denial | undefined {
  const own = name.replace(/\.(cmd|exe|sh|js|cjs|mjs|bat)$/, '');
  const publishes = Object.hasOwn(PUBLISHING, own) ? PUBLISHING[own] : undefined;
  if (!publishes) return setupUpload(command, own) ?? pushedBuild(command, own);
  const texts = command.words.slice(1).map((word) => word.text);
  const tries = /^(npm|pnpm|cargo|kubectl|helm|g?make|poetry|lerna)$/.test(own);
  if (texts.some((text) => text === '--help' || (tries && /^--dry-run(=(true|client|server))?$/.test(text))))
    return undefined;
  for (const sub of subCommands(command)) {
    const [first] = sub;
    if (first && !first.literal)
      return denial(
        'command.unreadable',
        `what \`${own} ${clip(first.text)}\` does is only known when it runs`,
        'Write the sub-command plainly.',
      );
    const text = sub.map((word) => word.text).join(' ');
    if (publishes.test(text))
      return published(
        `${own} ${sub
          .slice(0, 2)
          .map((word) => word.text)
          .join(' ')}`,
      );
  }
  // Several goals, in any order: `mvn clean deploy`, `make build deploy`.
  if (
    /^(mvnw?|gradlew?|sbt|g?make|just|task)$/.test(own) &&
    texts.some((text) => !text.startsWith('-') && publishes.test(text))
  )
    return published(`${own} ${texts.join(' ')}`);
  if (texts.length === 1 && /^(--version|-v|-V|-h)$/.test(texts[0] ?? '')) return undefined;
  if (
    subCommands(command).length === 0 &&
    /^(vercel|now|surge|np|semantic-release|release-it|fastlane|auto-release|gh-pages)$/.test(own)
  )
    return published(own);
  return pushedBuild(command, own);
}

function pushedBuild(command: SimpleCommand, name: string): Denial | undefined {
  const pushes = command.words.some((word) =>
    /^(--push|--publish)$|^--output=.*push=true|^type=(registry|image,.*push=true)/.test(word.text),
  );
  return pushes && /^(docker|podman|buildctl|pack|nerdctl|bazel)$/.test(name) ? published(`${name} --push`) : undefined;
}

function setupUpload(command: SimpleCommand, name: string): Denial | undefined {
  const [file, ...rest] = command.words.slice(1).map((word) => word.text);
  return /^python[\d.]*$/.test(name) &&
    /(^|\/)setup\.py$/.test(file ?? '') &&
    rest.some((text) => /^(upload|register)$/.test(text))
    ? published('setup.py upload')
    : undefined;
}

function published(what: string): Denial {
  return denial(
    'publish.package',
    `\`${clip(what)}\` publishes or deploys`,
    'A fix is published by propose_pr only, once verify_fix answers pass.',
  );
}
