import { createServer } from 'node:http';
import { createSchema, createYoga } from 'graphql-yoga';
import { ANSWER, PORT, TYPE_DEFS } from './answer.ts';

/** GraphQL Yoga as its documentation starts it, without logging and pages; a constant resolver. */
const yoga = createYoga({
  schema: createSchema({
    typeDefs: TYPE_DEFS,
    resolvers: { Mutation: { predict: () => ANSWER } },
  }),
  logging: false,
  graphiql: false,
  landingPage: false,
});

// eslint-disable-next-line @typescript-eslint/no-misused-promises -- Yoga answers its own errors
createServer(yoga).listen(PORT, '127.0.0.1');
