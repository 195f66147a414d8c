import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fuzzManifests } from '../support/fuzz/manifests.ts';
import { FUZZED, sendFuzzed } from '../support/fuzz/requests.ts';
import { runApp, type RunningApp } from '../support/running-app.ts';

/** The short form of `npm run test:fuzz`. */
const RUNS = 150;

describe('what nobody had in mind', () => {
  let server: RunningApp;
  beforeAll(async () => {
    server = await runApp();
  });
  afterAll(() => server.stop());

  it.each(Object.entries(FUZZED))(
    'is answered with an error of the registry: %s',
    async (_name, requests) => {
      await fc.assert(
        fc.asyncProperty(requests, (request) => sendFuzzed(server.url, request)),
        { numRuns: RUNS },
      );
    },
  );

  it('is told of a manifest', () => {
    expect(fuzzManifests(1_000, Math.floor(Math.random() * 2 ** 31))).toBe(1_000);
  });
});
