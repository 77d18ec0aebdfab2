/** Runs that go in circles by calls alone: the same call, or the same look at something that has not changed. */
import { circle, type Written } from './kit.ts';

export function circlingCalls(): Written[] {
  return [...sameCall(), ...sameRead(), ...deadProcess()];
}

function sameCall(): Written[] {
  const pattern = 'a command that cannot succeed, unchanged';
  const after = 'anthropics/claude-code issue 19699';
  return [
    circle(
      'loop.repeat',
      { file: 'missing-target-ssh', pattern, after, about: 'make over ssh without that target, nine times' },
      (run) => {
        run.ask('can we start a runner on buildbox?');
        run.bash('ssh buildbox "ls"', 'Makefile\nREADME\ncompose.yml');
        for (let times = 1; times <= 9; times++) {
          run.red(
            'ssh buildbox "make start-runner" 2>&1',
            "make: *** No rule to make target 'start-runner'.  Stop.",
            2,
          );
          run.mark(times, 3, 5);
        }
      },
    ),
    circle(
      'loop.repeat',
      { file: 'missing-target-pnpm', pattern, about: 'pnpm filter that matches nothing, other texts in between' },
      (run) => {
        run.ask('Build the billing package, then run its tests.');
        run.read('pnpm-workspace.yaml', "packages:\n  - 'packages/*'\n  - 'apps/*'");
        const words = [
          'Building it first.',
          'Maybe the cache was cold, once more.',
          'That should work now.',
          'Let me run the build.',
          'Trying the build again.',
          'One more time.',
        ];
        for (const [at, word] of words.entries()) {
          run.say(word);
          run.bash('pnpm --filter @acme/biling build', 'No projects matched the filters in "/home/dev/app"');
          run.mark(at + 1, 3, 5);
        }
      },
    ),
    circle(
      'loop.repeat',
      { file: 'missing-target-bazel', pattern, about: 'bazel target that is not there, with other elapsed times' },
      (run) => {
        run.bash('cat server/BUILD.bazel', 'cc_library(\n    name = "server_lib",\n    srcs = ["server.cc"],\n)\n');
        for (let times = 1; times <= 7; times++) {
          run.red(
            'bazel build //server:server_bin',
            `ERROR: Skipping '//server:server_bin': no such target '//server:server_bin': target 'server_bin' not declared in package 'server' defined by /home/dev/app/server/BUILD.bazel\nWARNING: Target pattern parsing failed.\nERROR: no such target '//server:server_bin'\nINFO: Elapsed time: 0.${run.number(100, 400)}s\nINFO: 0 processes.\nERROR: Build did NOT complete successfully`,
          );
          run.mark(times, 3, 5);
          if (times === 4) run.bash('git status --short', '');
        }
      },
    ),
    circle(
      'loop.repeat',
      { file: 'missing-target-mcp', pattern, about: 'an MCP tool called without the argument that it asks for' },
      (run) => {
        run.ask('Which tickets are open in the payments project?');
        for (let times = 1; times <= 6; times++) {
          run.failed(
            'mcp__tracker__search_issues',
            { jql: 'project = PAY AND status = Open' },
            'MCP error -32602: Invalid arguments for tool search_issues: cloudId: Required',
          );
          run.mark(times, 3, 5);
          if (times % 2 === 0) run.say('Let me query the tracker.');
        }
      },
    ),
  ];
}

function sameRead(): Written[] {
  const pattern = 'reading again what was just read';
  const after = 'MoonshotAI/kimi-cli issue 2557';
  const view =
    'def resolve_account(request):\n    token = request.headers.get("X-Account")\n    if token is None:\n        return None\n    return Account.objects.filter(token=token).first()';
  return [
    circle(
      'loop.repeat',
      {
        file: 'read-again-django',
        pattern,
        after,
        about: 'the same grep -A on views.py, eight times, other greps twice',
      },
      (run) => {
        run.ask('the account header is ignored for websocket requests');
        run.bash(
          'grep -rn "X-Account" --include=*.py . | head',
          './api/views.py:41:    token = request.headers.get("X-Account")',
        );
        for (let times = 1; times <= 8; times++) {
          run.bash('grep -n "def resolve_account" -A 50 api/views.py', view);
          run.mark(times, 3, 5);
          if (times === 3)
            run.bash(
              'grep -n "class ChatConsumer" -A 10 api/consumers.py',
              'class ChatConsumer(AsyncWebsocketConsumer):\n    async def connect(self):\n        await self.accept()',
            );
        }
      },
    ),
    circle(
      'loop.repeat',
      {
        file: 'read-again-terraform',
        workBefore: 5,
        pattern,
        about: 'the same Read of a Terraform module with thoughts in between',
      },
      (run) => {
        run.ask('why does the plan replace the subnet?');
        const module =
          'resource "aws_subnet" "private" {\n  count             = length(var.zones)\n  vpc_id            = aws_vpc.main.id\n  cidr_block        = cidrsubnet(var.cidr, 4, count.index)\n  availability_zone = var.zones[count.index]\n}';
        for (let times = 1; times <= 7; times++) {
          run.say(
            [
              'I need to see how the subnets are made.',
              'The order of zones matters; let me look.',
              'Let me check the module once more.',
            ][times % 3] ?? '',
          );
          run.read('modules/network/main.tf', module);
          run.mark(times, 3, 5);
        }
      },
    ),
    circle(
      'loop.repeat',
      { file: 'read-again-fetch', pattern, about: 'the same page fetched with the same question' },
      (run) => {
        run.ask('Upgrade us to the new ingress API.');
        for (let times = 1; times <= 6; times++) {
          run.call(
            'WebFetch',
            {
              url: 'https://kubernetes.io/docs/concepts/services-networking/ingress/',
              prompt: 'What changed between v1beta1 and v1?',
            },
            'The page describes the Ingress resource in networking.k8s.io/v1. It does not list differences to v1beta1.',
          );
          run.mark(times, 3, 5);
        }
        run.read('deploy/ingress.yaml', 'apiVersion: networking.k8s.io/v1beta1\nkind: Ingress');
      },
    ),
  ];
}

function deadProcess(): Written[] {
  const pattern = 'waiting for something that has already ended';
  return [
    circle(
      'loop.repeat',
      {
        file: 'dead-process-server',
        workBefore: 8,
        pattern,
        about: 'health checks of a server that died at its start',
      },
      (run) => {
        run.call(
          'Bash',
          { command: 'php artisan serve --port 8080', run_in_background: true },
          'Command running in background with ID: b3f1',
        );
        run.call(
          'BashOutput',
          { bash_id: 'b3f1' },
          '<status>failed</status>\n<exit_code>255</exit_code>\n<stderr>PHP Fatal error:  Uncaught Error: Class "App\\Kernel" not found</stderr>',
        );
        for (let times = 1; times <= 8; times++) {
          run.red(
            'sleep 5 && curl -sf localhost:8080/health',
            "curl: (7) Failed to connect to localhost port 8080 after 0 ms: Couldn't connect to server",
            7,
          );
          run.mark(times, 3, 5);
        }
      },
    ),
    circle(
      'loop.repeat',
      {
        file: 'dead-process-output',
        pattern,
        about: 'the output of a shell that was killed, asked for again and again',
      },
      (run) => {
        run.call(
          'Bash',
          { command: 'mix phx.server', run_in_background: true },
          'Command running in background with ID: c07',
        );
        for (let times = 1; times <= 7; times++) {
          run.call(
            'BashOutput',
            { bash_id: 'c07' },
            '<status>killed</status>\n<stdout></stdout>\n<stderr>** (Mix) Could not start application shop: {:error, :eaddrinuse}</stderr>',
          );
          run.mark(times, 3, 5);
          if (times === 2) run.say('The server is still starting.');
        }
      },
    ),
    circle(
      'loop.repeat',
      { file: 'dead-process-pod', pattern, about: 'kubectl wait for a pod of a deployment scaled to none' },
      (run) => {
        run.bash(
          'kubectl -n shop get deploy api',
          'NAME   READY   UP-TO-DATE   AVAILABLE   AGE\napi    0/0     0            0           41d',
        );
        for (let times = 1; times <= 6; times++) {
          run.red(
            'kubectl -n shop wait --for=condition=Ready pod -l app=api --timeout=60s',
            'error: no matching resources found',
          );
          run.mark(times, 3, 5);
          if (times === 3) run.bash('kubectl config current-context', 'staging');
        }
      },
    ),
  ];
}
