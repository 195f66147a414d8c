/**
 * Versions of Node that are supported: by their major number the release that the end-to-end tests
 * run on. README, CONTRIBUTING, docs/quickstart.md, `engines` and the Dockerfile are held against it.
 */
export const NODES = {
  20: '20.20.2',
  22: '22.23.3',
  24: '24.21.0',
  26: '26.10.0',
} as const;

/**
 * Tests that tell most of a version of Node in the time that CI has: both engines in threads and
 * processes, all transports, bodies, signals, the command line and the package as it is published.
 */
export const CORE = [
  'test/e2e/bad-input.test.ts',
  'test/e2e/cli.test.ts',
  'test/e2e/formats.test.ts',
  'test/e2e/graphql-http.test.ts',
  'test/e2e/inference-protocol',
  'test/e2e/models-url.test.ts',
  'test/e2e/package.test.ts',
  'test/e2e/pipeline.test.ts',
  'test/e2e/shutdown.test.ts',
  'test/e2e/zero-config.test.ts',
] as const;

/** Everything that goes through a running server. */
export const END_TO_END = ['test/e2e'] as const;
