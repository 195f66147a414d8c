import { freePort, startProgram, waitFor } from '../children.ts';
import type { LaneId } from '../scenario.ts';
import { httpLane, Skipped, type Contender } from './contender.ts';

interface BareServer {
  readonly lane: LaneId;
  /** Script in `bare/`. */
  readonly script: string;
  /** Package that must be installed. */
  readonly needs?: string;
  readonly path: string;
  readonly readyPath: string;
  readonly face: 'rest' | 'graphql';
}

/** Servers that do nothing but answer: what Node and the GraphQL servers can do at all. */
export const BARE_SERVERS: readonly Contender[] = [
  bare({
    lane: 'node-http',
    script: 'node-http.ts',
    path: '/predict',
    readyPath: '/',
    face: 'rest',
  }),
  bare({
    lane: 'yoga',
    script: 'yoga.ts',
    needs: 'graphql-yoga',
    path: '/graphql',
    readyPath: '/health',
    face: 'graphql',
  }),
  bare({
    lane: 'mercurius',
    script: 'mercurius.ts',
    needs: 'mercurius',
    path: '/graphql',
    readyPath: '/readyz',
    face: 'graphql',
  }),
];

function bare({ lane, script, needs, path, readyPath, face }: BareServer): Contender {
  return {
    name: lane,
    lanes: [lane],
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
        lane: (id, scenario) =>
          httpLane(id, context, scenario, { url: url + path, child, face: { kind: face } }),
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
