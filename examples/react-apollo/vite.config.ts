import { defineConfig } from 'vite';

/** The server of the API; pages on another origin would need its CORS_ORIGIN. */
const target = process.env.API_URL ?? 'http://localhost:8000';

const proxy = {
  '/graphql': {
    target,
    ws: true,
    changeOrigin: true,
    // The API takes sockets from its own pages only.
    rewriteWsOrigin: true,
  },
};

export default defineConfig({
  root: import.meta.dirname,
  oxc: { jsx: { runtime: 'automatic' } },
  resolve: { dedupe: ['graphql', 'react'] },
  server: { proxy },
  preview: { proxy },
});
