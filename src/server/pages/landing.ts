import { escapeHtml, HTML_HEADERS, Page, type PageSource } from './page.ts';

const HEADERS = {
  ...HTML_HEADERS,
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
};

/** One link of the landing page. */
export interface LandingLink {
  readonly path: string;
  readonly about: string;
}

/** The page at `/`: where to go from here. */
export function landingPage(links: readonly LandingLink[]): PageSource {
  const items = links
    .map(
      ({ path, about }) => `<li><a href="${path.slice(1)}">${path}</a> ${escapeHtml(about)}</li>`,
    )
    .join('\n');
  const page = new Page(
    `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>ML Inference API</title>
<link rel="icon" href="data:,">
<style>body { font: 16px/1.6 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem }</style>
</head>
<body>
<h1>ML Inference API</h1>
<ul>
${items}
</ul>
</body>
</html>
`,
    HEADERS,
  );
  return () => page;
}
