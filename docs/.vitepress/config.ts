import { defineConfig } from 'vitepress';

/** The documentation as a site: the same Markdown, served at /guide with a search of its own. */
export default defineConfig({
  title: 'ML Inference API',
  description: 'A folder of trained models as a typed GraphQL API.',
  base: '/guide/',
  cleanUrls: false,
  outDir: '../dist/guide',
  // Sources outside of docs/ that pages point to are shown in the repository.
  ignoreDeadLinks: [/^\.\/\.\.\//, /^https?:\/\/localhost/],
  lastUpdated: false,
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  themeConfig: {
    search: { provider: 'local' },
    nav: [
      { text: 'Start', link: '/quickstart' },
      { text: 'API', link: '/typed-api' },
      { text: 'Operations', link: '/operations' },
    ],
    sidebar: [
      {
        text: 'Start',
        items: [
          { text: 'Your model in React in ten minutes', link: '/quickstart' },
          { text: 'Export and serve a model', link: '/serving-models' },
          { text: 'model.yaml', link: '/models' },
          { text: 'Models from buckets and hubs', link: '/models-from' },
          { text: 'The command line', link: '/cli' },
        ],
      },
      {
        text: 'Use it',
        items: [
          { text: 'The typed API', link: '/typed-api' },
          { text: 'GraphQL and REST', link: '/api' },
          { text: 'The small client', link: '/client' },
          { text: 'Open Inference Protocol', link: '/protocol' },
          { text: 'Federation', link: '/federation' },
          { text: 'Error codes', link: '/errors' },
          { text: 'Migrating to 0.2', link: '/migration' },
        ],
      },
      {
        text: 'Run it',
        items: [
          { text: 'Settings', link: '/configuration' },
          { text: 'Security', link: '/security' },
          { text: 'Limits', link: '/limits' },
          { text: 'Operations', link: '/operations' },
          { text: 'Kubernetes', link: '/kubernetes' },
          { text: 'Remote engines', link: '/remote-engines' },
          { text: 'Scaling', link: '/scaling' },
        ],
      },
      {
        text: 'Watch it',
        items: [
          { text: 'Traces, metrics, dashboards', link: '/observability' },
          { text: 'Versions and rollout', link: '/versions' },
          { text: 'Drift', link: '/drift' },
          { text: 'Record of predictions', link: '/capture' },
        ],
      },
      {
        text: 'Know it',
        items: [
          { text: 'Benchmarks', link: '/benchmarks' },
          { text: 'Performance', link: '/performance' },
          { text: 'Architecture', link: '/architecture' },
        ],
      },
    ],
  },
});
