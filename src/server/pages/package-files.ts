import path from 'node:path';
import { PACKAGE_ROOT } from '../../package-root.ts';
import { filePage } from './file-page.ts';
import { Page, type PageSource } from './page.ts';

/** Where the build puts files of packages that only browsers need. */
const VENDOR = path.join(PACKAGE_ROOT, 'dist', 'vendor');

/** Files of packages change only with a new installation. */
const CACHE_CONTROL = 'public, max-age=86400';

/**
 * A file of a package that the build has copied, as a page; read when it is first asked for.
 *
 * @param file such as `swagger-ui.css`
 */
export function packageFile(file: string): PageSource {
  return filePage(path.join(VENDOR, file), () => ({ 'Cache-Control': CACHE_CONTROL }));
}

/** A script of our own as a page. */
export function scriptPage(text: string): PageSource {
  const page = new Page(text, {
    'Content-Type': 'text/javascript; charset=utf-8',
    'Cache-Control': 'no-cache',
  });
  return () => page;
}
