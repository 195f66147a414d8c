import path from 'node:path';
import { PACKAGE_ROOT } from '../package-root.ts';

/** The built entry of workers. Also used from sources: plain Node cannot load TypeScript threads. */
export const WORKER_FILE = path.join(PACKAGE_ROOT, 'dist', 'worker-entry.js');
