import fc from 'fast-check';
import type { GraphQLSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSchema } from '../../../schema/index.ts';
import { loadConfig } from '../../../src/config.ts';
import { UNKNOWN_OPERATION } from '../../../src/server/graphql/prepare.ts';
import { OperationWriter } from '../../support/differential/operation-writer.ts';
import { openOwnWays, type OwnWay } from '../../support/differential/own-ways.ts';
import { type GraphQLRequest, toComparable } from '../../support/differential/outcome.ts';
import {
  createReference,
  type ReferenceServer,
} from '../../support/differential/reference-server.ts';
import { runApp, type RunningApp } from '../../support/running-app.ts';
import { TEST_CALL } from '../../support/test-call.ts';

/** Documents that are tried; each with two sets of variables, on every way. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 150);

/** A failure prints its seed; `FUZZ_SEED` repeats it. */
const SEED = Number(process.env.FUZZ_SEED ?? 1203);

/** Longest time for all runs, and for making a document that fails smaller, in milliseconds. */
const TIME_LIMIT = 60_000 + 400 * RUNS;

/** Limits out of the way: graphql-js has none. */
const LIMITS = { maxQueryDepth: 100, maxAliases: 1000, maxRootFields: 1000, maxDirectives: 1000 };

/** What a document is made of. */
const TAPES = fc.array(fc.nat(999), { minLength: 50, maxLength: 1500, size: 'max' });

/*
 * Where the server differs on purpose, `toComparable` and the writer leave it out:
 * - At most 10 errors are listed, each cut to 500 characters.
 * - An operation that cannot be found is looked for once the document is valid, and the message says
 *   which one it was.
 * - Yoga answers what is no valid operation with 200 in application/graphql-response+json where
 *   graphql-over-http wants 400: statuses are tested in graphql-http.test.ts instead.
 * - Limits of documents and answers (document-limits.test.ts) are out of the way here.
 */
describe('the executor of the server', () => {
  let app: RunningApp;
  let schema: GraphQLSchema;
  let reference: ReferenceServer;
  let own: Awaited<ReturnType<typeof openOwnWays>>;

  beforeAll(async () => {
    app = await runApp({ watchModels: false, ...LIMITS });
    const { services } = app.app;
    schema = buildSchema(services.models.list(TEST_CALL), loadConfig({}));
    reference = createReference(schema, services);
    own = await openOwnWays(app.url);
  });

  afterAll(async () => {
    await own[Symbol.asyncDispose]();
    await app.stop();
  });

  it(
    'answers every operation as graphql-js does, on every way',
    async () => {
      let answered = 0;
      let asked = 0;
      const property = fc.asyncProperty(TAPES, async (tape) => {
        const { query, operationName, variables, kind } = new OperationWriter(schema, tape).write();
        for (const values of variables) {
          const request: GraphQLRequest = {
            query,
            ...(operationName !== undefined && { operationName }),
            ...(values && { variables: values }),
          };
          const expected = toComparable(await reference.ask(request));
          asked++;
          if (expected.includes('"data": {')) answered++;
          for (const way of own.ways) {
            if (way.takes(kind)) await expectSame(way, request, expected);
          }
        }
      });
      await fc.assert(property, {
        seed: SEED,
        numRuns: RUNS,
        interruptAfterTimeLimit: TIME_LIMIT,
      });
      // Refusals alone would prove nothing.
      expect(answered / asked).toBeGreaterThan(0.4);
      const { text } = await app.get('/metrics/prometheus');
      expect(text).toMatch(/^ml_inference_graphql_fallbacks_total 0$/m);
    },
    2 * TIME_LIMIT,
  );
});

async function expectSame(way: OwnWay, request: GraphQLRequest, expected: string): Promise<void> {
  const answer = toComparable(await way.ask(request));
  if (answer === expected) return;
  // Of a document with both faults, this server tells what is invalid.
  if (expected.includes(UNKNOWN_OPERATION) && answer.includes('GRAPHQL_VALIDATION_FAILED')) return;
  const asked = `${request.query}\n${JSON.stringify(request.variables)} ${request.operationName}`;
  expect(answer, `${way.name}:\n${asked}\n`).toBe(expected);
}
