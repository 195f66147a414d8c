import { defineConfig } from 'vite';

/** Where `vite console` finds the server that it develops against. */
const SERVER = 'http://localhost:8000';

/** The web console: static files with hashed names, and paths that work below any prefix. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../dist/console',
    emptyOutDir: true,
    target: 'es2022',
    // Inlined files would need a wider content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    proxy: {
      '/graphql': {
        target: SERVER,
        ws: true,
        changeOrigin: true,
        // The server takes sockets from its own pages only.
        rewriteWsOrigin: true,
      },
      '/predict': SERVER,
    },
  },
});
