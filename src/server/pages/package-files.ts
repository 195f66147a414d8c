import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PACKAGE_ROOT } from '../../package-root.ts';
import { Page, type PageSource } from './page.ts';

/** Where the build puts files of packages that only browsers need. */
const VENDOR = path.join(PACKAGE_ROOT, 'dist', 'vendor');

/** Files of packages change only with a new installation. */
const CACHE_CONTROL = 'public, max-age=86400';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  png: 'image/png',
};

/**
 * A file of a package that the build has copied, as a page; read when it is first asked for.
 *
 * @param file such as `swagger-ui.css`
 */
export function packageFile(file: string): PageSource {
  let page: Promise<Page> | undefined;
  const load = async (): Promise<Page> => {
    const bytes = await readFile(path.join(VENDOR, file));
    const extension = file.slice(file.lastIndexOf('.') + 1);
    return new Page(bytes, {
      'Content-Type': MEDIA_TYPES[extension] ?? 'application/octet-stream',
      'Cache-Control': CACHE_CONTROL,
    });
  };
  return () => {
    page ??= load().catch((err: unknown) => {
      // A file that could not be read is tried again by the next request.
      page = undefined;
      throw err;
    });
    return page;
  };
}

/** A script of our own as a page. */
export function scriptPage(text: string): PageSource {
  const page = new Page(text, {
    'Content-Type': 'text/javascript; charset=utf-8',
    'Cache-Control': 'no-cache',
  });
  return () => page;
}
