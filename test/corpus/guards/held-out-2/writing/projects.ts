/** The repositories that the runs take place in. */
import * as runners from './runners.ts';

export interface Project {
  root: string;
  test: string;
  runner: runners.Runner;
  /** What stands in the files that are read first. */
  files: Record<string, string>;
}

export const shop: Project = {
  root: '/home/mia/shop',
  test: 'npx jest',
  runner: runners.jest,
  files: {
    'package.json':
      '{\n  "name": "shop",\n  "type": "module",\n  "scripts": { "test": "jest", "dev": "tsx watch src/server.ts" }\n}',
    'src/cart.ts':
      "import { taxOf } from './tax';\n\nexport function total(lines: Line[]): number {\n  const net = lines.reduce((sum, line) => sum + line.price * line.count, 0);\n  return net + taxOf(net);\n}",
    'src/tax.ts':
      'export const RATE = 0.19;\n\nexport function taxOf(net: number): number {\n  return Math.floor(net * RATE);\n}',
    'src/server.ts':
      "import express from 'express';\n\nexport const app = express();\napp.use(express.json());\napp.get('/health', (_req, res) => res.json({ ok: true }));",
  },
};
export const board: Project = {
  root: '/home/mia/board',
  test: 'npx vitest run',
  runner: runners.vitest,
  files: {
    'package.json':
      '{\n  "name": "board",\n  "scripts": { "dev": "vite", "build": "tsc -b && vite build", "test": "vitest run" }\n}',
    'src/App.tsx':
      'export function App() {\n  const cards = useCards();\n  return <main className="board">{cards.map((card) => <Card key={card.id} {...card} />)}</main>;\n}',
    'src/useCards.ts':
      'export function useCards() {\n  const [cards, setCards] = useState<Card[]>([]);\n  useEffect(() => { load().then(setCards); }, []);\n  return cards;\n}',
    'vite.config.ts':
      "import react from '@vitejs/plugin-react';\nimport { defineConfig } from 'vite';\n\nexport default defineConfig({ plugins: [react()] });",
  },
};
export const ledger: Project = {
  root: '/srv/ledger',
  test: 'python -m pytest -q',
  runner: runners.pytest,
  files: {
    'pyproject.toml': '[project]\nname = "ledger"\ndependencies = ["fastapi", "sqlalchemy>=2", "pandas"]',
    'ledger/models.py':
      'class Entry(Base):\n    __tablename__ = "entries"\n    id: Mapped[int] = mapped_column(primary_key=True)\n    amount: Mapped[Decimal]\n    booked_on: Mapped[date]',
    'ledger/report.py':
      'def monthly(entries):\n    totals = defaultdict(Decimal)\n    for entry in entries:\n        totals[entry.booked_on.month] += entry.amount\n    return dict(totals)',
    'ledger/api.py':
      'router = APIRouter(prefix="/entries")\n\n@router.get("/")\ndef list_entries(db: Session = Depends(get_db)):\n    return db.scalars(select(Entry)).all()',
  },
};
export const svc: Project = {
  root: '/home/tomas/svc',
  test: 'go test ./...',
  runner: runners.goTest,
  files: {
    'go.mod': 'module example.org/svc\n\ngo 1.23\n\nrequire github.com/jackc/pgx/v5 v5.7.1',
    'internal/core/queue.go':
      'func (q *Queue) Pop() (Job, bool) {\n\tq.mu.Lock()\n\tdefer q.mu.Unlock()\n\tif len(q.jobs) == 0 {\n\t\treturn Job{}, false\n\t}\n\tjob := q.jobs[0]\n\tq.jobs = q.jobs[1:]\n\treturn job, true\n}',
    'cmd/api/main.go':
      'func main() {\n\tmux := http.NewServeMux()\n\tmux.HandleFunc("GET /jobs", listJobs)\n\tlog.Fatal(http.ListenAndServe(":8080", mux))\n}',
  },
};
export const billing: Project = {
  root: '/home/ana/billing',
  test: 'mvn -q test',
  runner: runners.maven,
  files: {
    'pom.xml':
      '<project>\n  <artifactId>billing</artifactId>\n  <parent><artifactId>spring-boot-starter-parent</artifactId><version>3.3.4</version></parent>\n</project>',
    'src/main/java/org/example/billing/InvoiceService.java':
      '@Service\npublic class InvoiceService {\n  public Invoice close(Invoice invoice) {\n    invoice.setClosedAt(clock.instant());\n    return repository.save(invoice);\n  }\n}',
    'src/main/resources/application.yml':
      'spring:\n  datasource:\n    url: jdbc:postgresql://localhost:5432/billing\n  jpa.hibernate.ddl-auto: validate',
  },
};
export const parser: Project = {
  root: '/home/jo/parser',
  test: 'cargo test',
  runner: runners.cargo,
  files: {
    'Cargo.toml':
      '[package]\nname = "core"\nedition = "2021"\n\n[dependencies]\nserde = { version = "1", features = ["derive"] }',
    'src/lib.rs': 'pub mod lexer;\npub mod tree;\n\npub use tree::parse;',
    'src/lexer.rs':
      "pub fn tokens(text: &str) -> Vec<Token<'_>> {\n    let mut out = Vec::new();\n    let mut rest = text;\n    while let Some((token, tail)) = next(rest) {\n        out.push(token);\n        rest = tail;\n    }\n    out\n}",
  },
};
export const forum: Project = {
  root: '/home/lea/forum',
  test: 'bundle exec rspec',
  runner: runners.rspec,
  files: {
    Gemfile: "source 'https://rubygems.org'\ngem 'rails', '~> 7.2'\ngem 'pg'",
    'app/models/post.rb':
      'class Post < ApplicationRecord\n  belongs_to :author, class_name: "User"\n  scope :visible, -> { where(hidden: false) }\nend',
    'app/services/notifier.rb':
      'class Notifier\n  def call(post)\n    post.watchers.each { |user| PostMailer.new_reply(user, post).deliver_later }\n  end\nend',
  },
};
export const crm: Project = {
  root: '/var/www/crm',
  test: 'vendor/bin/phpunit',
  runner: runners.phpunit,
  files: {
    'composer.json': '{\n  "require": { "php": "^8.3", "laravel/framework": "^11.0" }\n}',
    'app/Services/Importer.php':
      'final class Importer\n{\n    public function import(string $path): int\n    {\n        $rows = array_map("str_getcsv", file($path));\n        return $this->store($rows);\n    }\n}',
    'routes/api.php': "Route::get('/contacts', [ContactController::class, 'index']);",
  },
};
export const stock: Project = {
  root: '/home/ole/Stock',
  test: 'dotnet test',
  runner: runners.dotnet,
  files: {
    'Stock.sln': 'Microsoft Visual Studio Solution File, Format Version 12.00',
    'Core/Warehouse.cs':
      'public sealed class Warehouse(IStore store)\n{\n    public async Task<int> Reserve(string sku, int count) =>\n        await store.Decrement(sku, count);\n}',
    'Api/Program.cs':
      'var builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/stock/{sku}", (string sku) => sku);\napp.Run();',
  },
};
export const raster: Project = {
  root: '/home/noor/raster',
  test: 'ctest --test-dir build --output-on-failure',
  runner: runners.ctest,
  files: {
    'CMakeLists.txt':
      'cmake_minimum_required(VERSION 3.24)\nproject(raster CXX)\nadd_library(raster src/blur.cpp src/image.cpp)',
    'src/blur.cpp':
      'void blur(Image& image, int radius) {\n  for (int y = 0; y < image.height; ++y)\n    for (int x = 0; x < image.width; ++x)\n      image.at(x, y) = mean(image, x, y, radius);\n}',
    'src/image.h':
      'struct Image {\n  int width, height;\n  std::vector<float> pixels;\n  float& at(int x, int y) { return pixels[y * width + x]; }\n};',
  },
};
