import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Page, type PageSource } from './page.ts';

const require = createRequire(import.meta.url);

/** Files of packages change only with a new installation. */
const CACHE_CONTROL = 'public, max-age=86400';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  png: 'image/png',
};

/**
 * A file of an installed package as a page; read when it is first asked for.
 *
 * @param file such as `swagger-ui-dist/swagger-ui.css`
 * @param edit changes the text before it is served
 */
export function packageFile(file: string, edit?: (text: string) => string): PageSource {
  let page: Promise<Page> | undefined;
  const load = async (): Promise<Page> => {
    const bytes = await readFile(require.resolve(file));
    const extension = file.slice(file.lastIndexOf('.') + 1);
    return new Page(edit ? edit(bytes.toString('utf8')) : bytes, {
      'Content-Type': MEDIA_TYPES[extension] ?? 'application/octet-stream',
      'Cache-Control': CACHE_CONTROL,
    });
  };
  return () => (page ??= load());
}

/** A script of our own as a page. */
export function scriptPage(text: string): PageSource {
  const page = new Page(text, {
    'Content-Type': 'text/javascript; charset=utf-8',
    'Cache-Control': 'no-cache',
  });
  return () => page;
}
