import type { HttpApi } from '../http/http-router.ts';
import { toErrorResponse } from '../rest/errors.ts';
import { answerPage } from './page-handler.ts';
import type { Pages } from './pages.ts';

/** The pages over HTTP, each at its exact path. */
export function createPagesApi(pages: Pages): HttpApi {
  return {
    name: 'pages',
    find(exchange) {
      const source = pages.find(exchange);
      return (
        source && {
          isProbe: false,
          isPublic: source.isPrivate !== true,
          answer: (call, same) => answerPage(call, same, source),
        }
      );
    },
    refusal: (error) => toErrorResponse(error),
  };
}
