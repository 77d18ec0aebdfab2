// The layers of docs/architecture.md: imports point down this list, never up.
const layers = ['bin', 'cli', 'mcp-server', 'healer', 'hooks', 'gate', 'context', 'events', 'store'];

const upward = layers.slice(1).map((layer, index) => ({
  name: `${layer}-imports-no-higher-layer`,
  severity: 'error',
  comment: `${layer}/ may import only itself and the layers below it`,
  from: { path: `^${layer}/` },
  to: { path: `^(${layers.slice(0, index + 1).join('|')})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...upward,
    {
      name: 'cli-and-mcp-server-are-strangers',
      severity: 'error',
      from: { path: '^cli/' },
      to: { path: '^mcp-server/' },
    },
    {
      name: 'store-knows-no-other-part',
      severity: 'error',
      from: { path: '^store/' },
      to: { path: `^(${layers.filter((l) => l !== 'store').join('|')})/` },
    },
    {
      name: 'events-knows-no-other-part',
      severity: 'error',
      from: { path: '^events/' },
      to: { path: `^(${layers.filter((l) => l !== 'events').join('|')})/` },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'product-never-imports-tests',
      severity: 'error',
      from: { path: `^(${layers.join('|')})/` },
      to: { path: '^(test|bench)/' },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
