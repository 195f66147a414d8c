import type { GraphQLSchema } from 'graphql';
import type { ServerPlugin } from '../../http/server-context.ts';

/**
 * Answers each operation with the schema of the moment, over HTTP and WebSocket alike. (Yoga's own
 * schema factory needs an HTTP request, and copies the context of each.)
 */
export function useCurrentSchema(getSchema: () => GraphQLSchema): ServerPlugin {
  return {
    onEnveloped({ setSchema }) {
      setSchema(getSchema());
    },
  };
}
