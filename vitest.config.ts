import { defineConfig } from 'vitest/config';

/** Rounds of each case of test/drain/: one shows in every run that it works, ten that it is no luck. */
const DRAIN_ROUNDS = { drain: '10' } as Readonly<Record<string, string>>;

export default defineConfig(({ mode }) => ({
  resolve: {
    // Vite would take the package's ES modules where Node takes its CommonJS: two copies of graphql.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    include: ['test/**/*.test.ts'],
    env: { DRAIN_ROUNDS: DRAIN_ROUNDS[mode] ?? '1' },
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores: more files at once would only take time from each other's servers, browsers and
    // workers. Where the machine is shared, as in CI, one file at a time leaves them room.
    maxWorkers: process.env.CI ? 1 : 2,
    reporters: process.env.CI ? ['default', 'json'] : ['default'],
    // Here and not among the reporters, so that the command line can name another one.
    outputFile: { json: 'coverage/results.json' },
    coverage: {
      // What runs in a worker, a process or a browser of its own is not counted.
      include: ['src/**/*.ts', 'schema/**/*.ts', 'client/**/*.ts', 'console/**/*.ts'],
      reporter: ['text-summary', 'html', 'json-summary'],
    },
  },
}));
