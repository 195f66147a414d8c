import { freePort, startProgram, waitFor } from '../children.ts';
import type { SubjectId } from '../scenario.ts';
import { httpSubject, Skipped, type Contender } from './contender.ts';

interface BareServer {
  readonly subject: SubjectId;
  /** Script in `bare/`. */
  readonly script: string;
  /** Package that must be installed. */
  readonly needs?: string;
  readonly path: string;
  readonly readyPath: string;
  readonly api: 'rest' | 'graphql';
}

/** Servers that do nothing but answer: what Node and the GraphQL servers can do at all. */
export const BARE_SERVERS: readonly Contender[] = [
  bare({
    subject: 'node-http',
    script: 'node-http.ts',
    path: '/predict',
    readyPath: '/',
    api: 'rest',
  }),
  bare({
    subject: 'yoga',
    script: 'yoga.ts',
    needs: 'graphql-yoga',
    path: '/graphql',
    readyPath: '/health',
    api: 'graphql',
  }),
  bare({
    subject: 'mercurius',
    script: 'mercurius.ts',
    needs: 'mercurius',
    path: '/graphql',
    readyPath: '/readyz',
    api: 'graphql',
  }),
];

function bare({ subject, script, needs, path, readyPath, api }: BareServer): Contender {
  return {
    name: subject,
    subjects: [subject],
    async start(context) {
      if (needs !== undefined && !isInstalled(needs))
        throw new Skipped(`${needs} is not installed`);
      const port = await freePort();
      const file = `bench/contenders/bare/${script}`;
      const child = startProgram(process.execPath, ['--import', 'tsx', file], {
        PORT: String(port),
        NODE_ENV: 'production',
      });
      const url = `http://127.0.0.1:${port}`;
      await waitFor(url + readyPath, child);
      return {
        subject: (id, scenario) =>
          httpSubject(id, context, scenario, { url: url + path, child, api: { kind: api } }),
        stop: () => child.stop(),
      };
    },
  };
}

function isInstalled(name: string): boolean {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}
