import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { translate } from '../graphql-errors.ts';
import type { ServerContext, ServerPlugin } from '../../http/server-context.ts';

/**
 * Gives every error of an operation its registry code and hides what is not of the registry. Defects
 * are logged here, once, with the id of the request.
 */
export function useErrors(logger: Logger): ServerPlugin {
  const clean = (result: ExecutionResult, context: unknown): ExecutionResult | undefined =>
    cleanErrors(result, (context as ServerContext).requestId, logger);
  return {
    onParse() {
      return ({ result }) => {
        // The same error object may come again from the cache of documents that do not parse.
        if (result instanceof Error && 'extensions' in result) {
          (result as GraphQLError).extensions.code ??= 'GRAPHQL_PARSE_FAILED';
        }
      };
    },
    onExecute() {
      return {
        onExecuteDone({ result, setResult, args }) {
          if (Symbol.asyncIterator in result) return;
          const cleaned = clean(result, args.contextValue);
          if (cleaned) setResult(cleaned);
        },
      };
    },
    onSubscribe({ args }) {
      return {
        onSubscribeResult({ result, setResult }) {
          if (!(Symbol.asyncIterator in result)) {
            const cleaned = clean(result, args.contextValue);
            if (cleaned) setResult(cleaned);
            return;
          }
          return {
            onNext({ result: event, setResult: setEvent }) {
              const cleaned = clean(event, args.contextValue);
              if (cleaned) setEvent(cleaned);
            },
          };
        },
        onSubscribeError({ error, setError }) {
          const { error: translated, defect } = translate(error);
          if (defect !== undefined) {
            const { requestId } = args.contextValue as unknown as ServerContext;
            logger.error({ requestId, err: defect }, 'subscription failed');
          }
          setError(translated);
        },
      };
    },
  };
}

/**
 * The result with its errors as clients may see them; `undefined` where it has none. Defects are
 * logged.
 */
export function cleanErrors(
  result: ExecutionResult,
  requestId: string,
  logger: Logger,
): ExecutionResult | undefined {
  if (!result.errors?.length) return undefined;
  return {
    ...result,
    errors: result.errors.map((thrown): GraphQLError => {
      const { error, defect } = translate(thrown);
      if (defect !== undefined) {
        logger.error({ requestId, err: defect, path: thrown.path }, 'operation failed');
      }
      return error;
    }),
  };
}
