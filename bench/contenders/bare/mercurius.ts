import fastify from 'fastify';
import mercurius from 'mercurius';
import { ANSWER, PORT, TYPE_DEFS } from './answer.ts';

/** Mercurius with its JIT compiling an operation after its first run; a constant resolver. */
const app = fastify({ logger: false });
await app.register(mercurius, {
  schema: TYPE_DEFS,
  resolvers: { Mutation: { predict: () => ANSWER } },
  jit: 1,
  graphiql: false,
});
app.get('/readyz', () => ({ ready: true }));
await app.listen({ port: PORT, host: '127.0.0.1' });
