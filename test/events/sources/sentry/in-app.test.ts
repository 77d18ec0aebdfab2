import { expect, it } from 'vitest';
import { sentryEventSchema } from '../../../../events/sources/sentry/event-schema.ts';
import { isInApp } from '../../../../events/sources/sentry/in-app.ts';

const judge = (frame: object) => {
  const { stacktrace } = sentryEventSchema.parse({ stacktrace: { frames: [frame] } });
  const [read] = stacktrace?.frames ?? [];
  return read && isInApp(read);
};

it.each([
  { filename: 'app/[id]/page.tsx' },
  { filename: '[locale]/page.tsx', in_app: true },
  { filename: 'core/views.py', module: 'core.views' },
  { filename: 'vendor/models.py', in_app: true },
  { filename: 'PriceService.java', module: 'com.shop.PriceService' },
  { filename: 'Sun.kt', module: 'sunshop.Sun' },
  { module: 'main', abs_path: '/srv/shop/main.go', filename: 'main.go' },
  { module: 'Shop.PriceService', function: 'Total' },
  { function: 'shop::price::total' },
  { function: '<shop::Cart as core::ops::Drop>::drop' },
  { abs_path: 'C:\\build\\src\\Price.cs' },
])('%j is of the application', (frame) => expect(judge(frame)).toBe(true));

it.each([
  { filename: 'src/price.ts', in_app: false },
  { filename: './node_modules/react/index.js', in_app: true },
  { abs_path: '/usr/lib/python3/dist-packages/flask/app.py', in_app: true },
  { filename: 'node:internal/process', in_app: true },
  { filename: '<frozen importlib._bootstrap>' },
  { filename: '[internal]' },
  { filename: 'webpack/bootstrap' },
  { abs_path: '/usr/local/go/src/net/http/server.go', module: 'net/http' },
  { abs_path: '/root/go/pkg/mod/github.com/gin-gonic/gin@v1.9.1/context.go', module: 'github.com/gin-gonic/gin' },
  { abs_path: '/usr/local/bundle/gems/puma-6.4.0/lib/puma/server.rb' },
  { filename: '/vendor/symfony/http-kernel/HttpKernel.php' },
  { filename: 'Thread.java', module: 'java.lang.Thread' },
  { filename: 'DispatcherServlet.java', module: 'org.springframework.web.servlet.DispatcherServlet' },
  { module: 'System.Linq.Enumerable' },
  { function: '<core::option::Option<T> as core::fmt::Debug>::fmt' },
  { function: 'std::rt::lang_start' },
  {},
])('%j is not', (frame) => expect(judge(frame)).toBe(false));
