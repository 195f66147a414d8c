import type { Call } from '../../services/call.ts';
import { HTML_HEADERS, keepPage, Page, type PageSource } from './page.ts';
import { KEY_SCRIPT } from './key-script.ts';
import { packageFile, scriptPage } from './package-files.ts';

/** The pages may load from this server only. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = { ...HTML_HEADERS, 'Content-Security-Policy': CONTENT_SECURITY_POLICY };

const SWAGGER_UI_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>ML Inference API – Swagger UI</title>
<link rel="icon" type="image/png" href="docs/favicon-32x32.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/key.js"></script>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/init.js"></script>
</body>
</html>
`;

const SWAGGER_UI_SCRIPT = `window.ui = SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  // The badge would be asked for at a public validator.
  validatorUrl: null,
});
`;

const REDOC_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>ML Inference API – ReDoc</title>
<link rel="icon" href="data:,">
<style>body { margin: 0 }</style>
</head>
<body>
<div id="redoc"></div>
<script src="docs/key.js"></script>
<script src="redoc/redoc.standalone.js"></script>
<script src="redoc/init.js"></script>
</body>
</html>
`;

const REDOC_SCRIPT = `Redoc.init(
  'openapi.json',
  {
    nativeScrollbars: true,
    theme: { typography: { fontFamily: 'sans-serif', headings: { fontFamily: 'sans-serif' } } },
  },
  document.getElementById('redoc'),
);
`;

/**
 * The document `/openapi.json`, and Swagger UI (`/docs`) and ReDoc (`/redoc`) over it, from the
 * files that the build has copied: no browser asks any other server for anything.
 *
 * @param buildDocument makes the OpenAPI document of the moment
 * @param withPages whether the pages are served besides the document
 */
export function docsPages(
  buildDocument: (call: Call) => object,
  withPages: boolean,
): ReadonlyMap<string, PageSource> {
  const pages = new Map<string, PageSource>([
    [
      '/openapi.json',
      Object.assign(
        keepPage((call) => JSON.stringify(buildDocument(call), null, 2), {
          'Content-Type': 'application/json; charset=utf-8',
          'Cache-Control': 'private, no-cache',
        }),
        { isPrivate: true },
      ),
    ],
  ]);
  if (!withPages) return pages;
  const swaggerUi = new Page(SWAGGER_UI_PAGE, HEADERS);
  const redoc = new Page(REDOC_PAGE, HEADERS);
  return new Map<string, PageSource>([
    ...pages,
    ['/docs', () => swaggerUi],
    ['/docs/init.js', scriptPage(SWAGGER_UI_SCRIPT)],
    ['/docs/key.js', scriptPage(KEY_SCRIPT)],
    ['/docs/swagger-ui.css', packageFile('swagger-ui.css')],
    ['/docs/swagger-ui-bundle.js', packageFile('swagger-ui-bundle.js')],
    ['/docs/favicon-32x32.png', packageFile('favicon-32x32.png')],
    ['/redoc', () => redoc],
    ['/redoc/init.js', scriptPage(REDOC_SCRIPT)],
    ['/redoc/redoc.standalone.js', packageFile('redoc.standalone.js')],
  ]);
}
