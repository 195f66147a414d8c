/**
 * The walls of the house: imports run one way, from the top floor down, and never in a circle.
 * `app.ts` (the composition root), `main.ts`, `cli.ts` and `cli/` may import everything.
 */
const FLOORS = [
  ['server', 'cli'],
  ['prediction'],
  ['serving'],
  ['rollout'],
  ['batching'],
  ['codecs'],
  ['access', 'cache'],
  ['repository', 'runtimes', 'telemetry', 'redis'],
  ['services'],
  ['inference-protocol'],
  ['tensor', 'json'],
];

const folders = (names) => `^src/(?:${names.join('|')})/`;

const walls = FLOORS.slice(1).map((floor, i) => ({
  name: `${floor.join('-and-')}-below`,
  comment: `${floor.join(' and ')} must not import what stands above.`,
  severity: 'error',
  from: { path: folders(floor) },
  to: { path: folders(FLOORS.slice(0, i + 1).flat()) },
}));

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...walls,
    {
      name: 'settings-know-nobody',
      severity: 'error',
      from: { path: '^src/settings/' },
      to: { path: '^src/(?!settings/)' },
    },
    {
      name: 'schema-takes-types-and-base-modules',
      comment: 'Services come to the schema through the context of each operation.',
      severity: 'error',
      from: { path: '^schema/' },
      to: { path: '^src/(?!services/|tensor/|errors\\.ts|issues\\.ts)' },
    },
    {
      name: 'src-does-not-know-its-schema',
      comment: 'Only the server and the composition root build the GraphQL schema.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(?:server/|cli/|app\\.ts|cli\\.ts)' },
      to: { path: '^schema/' },
    },
    {
      name: 'nothing-imports-an-entry',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: '^src/cli/' },
      to: { path: '^src/(?:app|main|cli)\\.ts$' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
