/** Servers in the foreground. In the background or under `timeout` that is what one wants. */
import { type Family, named } from './rule.ts';

const BACKGROUND = 'Start it with run_in_background: true, or let it end by itself: timeout 60 {as} ….';
const SCRIPT = /^(dev|develop|start|serve|watch|preview|storybook)(:|$)|:(watch|serve)$/;
const PACKAGE_OPTIONS = ['-w', '--workspace', '--prefix', '--filter', '-F', '--cwd', '-C', '--dir'];

export const SERVERS: Family = {
  kind: 'endless',
  answerable: false,
  rules: [
    {
      programs: named(`
        npm run, npm run-script, pnpm run, yarn run, bun run, pnpm, yarn, deno task, turbo, turbo run,
        lerna run, bun
      `),
      valued: PACKAGE_OPTIONS,
      when: (call) => SCRIPT.test(call.operands[0] ?? '') && !call.has('-n', '--dry-run'),
      why: 'starts what seems to be a server or a watcher, which does not end',
      instead: BACKGROUND,
    },
    {
      programs: ['make', 'just', 'task'],
      when: (call) => /^(dev|serve|watch)$/.test(call.operands[0] ?? '') && !call.has('-n', '--dry-run'),
      why: 'starts what seems to be a server or a watcher, which does not end',
      instead: BACKGROUND,
    },
    {
      programs: ['yarn workspace'],
      when: (call) => call.operands.slice(1, 3).some((operand) => SCRIPT.test(operand)),
      why: 'starts what seems to be a server or a watcher, which does not end',
      instead: BACKGROUND,
    },
    {
      programs: ['next', 'nuxt', 'nuxi', 'astro'],
      when: (call) => call.args.every((arg) => /^(-p|--port|\d+)$/.test(arg)),
      why: 'starts a server, which does not end',
      instead: BACKGROUND,
    },
    { programs: ['npm start', 'bun start'], why: 'starts a server, which does not end', instead: BACKGROUND },
    {
      programs: ['vite'],
      valued: ['-c', '--config', '--port', '--host', '--base', '-m', '--mode', '-l', '--logLevel', '--outDir'],
      when: (call) => !/^(build|optimize)$/.test(call.operands[0] ?? ''),
      why: 'starts a server, which does not end',
      instead: `Use {as} build to build. ${BACKGROUND}`,
    },
    {
      programs: named(`
        next dev, next start, nuxt dev, nuxt start, nuxt preview, nuxi dev, nuxi preview, astro dev,
        astro preview, gatsby develop, gatsby serve, ng serve, ng s, vue-cli-service serve, remix dev,
        react-scripts start, webpack serve, webpack-dev-server, rsbuild dev, rspack serve, storybook dev,
        start-storybook, parcel serve, parcel watch, http-server, live-server, json-server, browser-sync start,
        serve, servor, vercel dev, netlify dev, wrangler dev, firebase serve, firebase emulators:start,
        serverless offline, sam local start-api, expo start, react-native start, electron, nx serve,
        prisma studio, drizzle-kit studio, cypress open, playwright show-report, playwright codegen, verdaccio,
        nest start, strapi develop, strapi start, payload dev, medusa develop, directus start, docusaurus start,
        vitepress dev, vitepress preview, vuepress dev, hexo server, docsify serve, http.server,
        SimpleHTTPServer, flask run, uvicorn, hypercorn, daphne, waitress-serve, fastapi dev, fastapi run,
        django-admin runserver, streamlit run, jupyter notebook, jupyter lab, jupyter-lab, mkdocs serve,
        mitmproxy, locust, rq worker, airflow webserver, airflow standalone, dagster dev, mlflow ui,
        tensorboard, chainlit run, bokeh serve, rackup, puma, unicorn, sidekiq, jekyll serve, hugo server,
        hugo serve, middleman server, foreman start, overmind start, honcho start, php artisan serve,
        php artisan queue:work, mix phx.server, caddy run, smtpd, aiosmtpd, mvn spring-boot:run,
        mvnw spring-boot:run, mvn jetty:run, mvn quarkus:dev, gradle bootRun, gradlew bootRun, ngrok,
        localtunnel, lt, cloudflared tunnel, stripe listen, git daemon, hg serve, minikube tunnel,
        kubectl port-forward, kubectl proxy, selenium-standalone start, etcd, prometheus, alertmanager,
        vault server, mysqld, mysqld_safe, postgres, minio server, rabbitmq-server, tilt up, skaffold dev
      `),
      valued: ['-p', '--port', '-c', '--config', '-n', '--namespace', '--app', '-H', '--host'],
      when: (call) =>
        !call.has('-d', '--daemon', '--daemonize', '--detach', '-D', '-detached', '--check-config', '--validate', '-V'),
      why: 'starts a server, which does not end',
      instead: BACKGROUND,
    },
    {
      programs: ['playwright test'],
      when: (call) => call.has('--ui', '--debug', '--ui-port'),
      why: 'opens a window for a person',
      instead: 'Use {as} --reporter=line.',
    },
    {
      programs: ['python', 'manage.py'],
      when: (call) => {
        const [first = '', second] = call.operands;
        return call.invocation.program === 'python'
          ? /(^|\/)manage\.py$/.test(first) && second === 'runserver'
          : first === 'runserver';
      },
      why: 'starts a server, which does not end',
      instead: BACKGROUND,
    },
    {
      programs: named(`
        gunicorn, rails server, rails s, redis-server, mongod, nginx, httpd, apache2, symfony serve,
        symfony server:start, celery
      `),
      valued: ['-A', '--app', '-b', '--bind', '-c', '-w', '-p', '-g'],
      when: (call) => {
        const text = call.args.join(' ');
        switch (call.invocation.program) {
          case 'celery':
            return /^(worker|beat|flower)$/.test(call.operands[0] ?? '') && !call.has('-D', '--detach');
          case 'redis-server':
            return !/--daemonize yes/.test(text) && !call.has('-v');
          case 'nginx':
            return /daemon off/.test(text);
          case 'httpd':
          case 'apache2':
            return call.has('-X') || /FOREGROUND/.test(text);
          default:
            return !call.has('-d', '-D', '--daemon', '--fork', '--check-config', '--print-config');
        }
      },
      why: 'starts a server, which does not end',
      instead: BACKGROUND,
    },
    {
      programs: ['php'],
      valued: ['-S', '-t', '-d', '-r', '-f'],
      when: (call) => call.has('-S'),
      why: 'starts a server, which does not end',
      instead: BACKGROUND,
    },
    {
      programs: ['docker compose up', 'docker-compose up', 'podman-compose up', 'podman compose up'],
      valued: ['-f', '--file', '-p', '--project-name', '--profile', '--env-file', '--scale', '-t'],
      when: (call) =>
        !call.has(
          '-d',
          '--detach',
          '--wait',
          '--no-start',
          '--abort-on-container-exit',
          '--exit-code-from',
          '--dry-run',
        ),
      why: 'stays in the foreground and never ends',
      instead: 'Use {as} -d (--wait to wait until it is healthy).',
    },
    {
      programs: ['nc', 'ncat', 'netcat', 'socat'],
      valued: ['-p', '-s', '-w', '-q'],
      when: (call) =>
        call.has('-l', '--listen') || (call.invocation.program === 'socat' && /LISTEN/i.test(call.args.join(' '))),
      why: 'waits for somebody to connect',
      instead: BACKGROUND,
    },
  ],
};
