import { freePort, startProgram, waitFor, type Child } from '../children.ts';
import { type SubjectId, SUBJECT_TITLES, type Scenario } from '../scenario.ts';
import { startIssuer, writeAccessFile } from './credentials.ts';
import {
  type BenchContext,
  type Contender,
  type HttpEndpoint,
  httpSubject,
  type Subject,
  Skipped,
} from './contender.ts';
import type { RedisServer } from './redis-server.ts';
import { typedApi } from './typed-query.ts';

/** This server with its defaults: each answer is cached in memory. */
export function thisServer(): Contender {
  return {
    name: 'this server',
    subjects: ['server-rest', 'server-graphql', 'server-typed'],
    start: (context) => start(context, {}),
  };
}

/** This server with the cache of replicas: memory in front of Redis. */
export function thisServerWithRedis(redis: RedisServer): Contender {
  return {
    name: 'this server with Redis',
    subjects: ['server-redis'],
    start: async (context) => start(context, { REDIS_URL: `${await redis.url()}/1` }),
  };
}

/** This server for callers that it knows: a key with its own allowance, or a token. */
export function thisServerWithAccess(redis: RedisServer): readonly Contender[] {
  const withKey = (subject: SubjectId, more: () => Promise<Record<string, string>>): Contender => ({
    name: SUBJECT_TITLES[subject],
    subjects: [subject],
    start: async (context) => {
      const { file, key } = writeAccessFile();
      return start(context, { ...(await more()), ACCESS_FILE: file }, { 'x-api-key': key });
    },
  });
  return [
    withKey('server-key', () => Promise.resolve({})),
    withKey('server-key-redis', async () => ({ REDIS_URL: `${await redis.url()}/2` })),
    {
      name: SUBJECT_TITLES['server-jwt'],
      subjects: ['server-jwt'],
      start: async (context) => {
        const issuer = await startIssuer();
        const running = await start(
          context,
          { JWT_JWKS_URL: issuer.jwksUrl, JWT_AUDIENCE: issuer.audience },
          { authorization: `Bearer ${issuer.token}` },
        );
        return { ...running, stop: () => running.stop().finally(issuer.stop) };
      },
    },
  ];
}

/**
 * Starts a built server on a free port; {@link waitFor} tells when it is ready.
 *
 * @param entry its file. @default that of the working tree
 */
export async function startServer(
  modelsDir: string,
  env: Readonly<Record<string, string>> = {},
  entry = 'dist/main.js',
): Promise<{ url: string; child: Child }> {
  const port = await freePort();
  const child = startProgram(process.execPath, [entry], {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(port),
    MODELS_DIR: modelsDir,
    LOG_LEVEL: 'warn',
    DRAIN_DELAY_MS: '0',
    ...env,
  });
  return { url: `http://127.0.0.1:${port}`, child };
}

async function start(
  context: BenchContext,
  env: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
) {
  const { url, child } = await startServer(context.models.folder, env);
  await waitFor(`${url}/readyz`, child);
  return {
    subject: (id: SubjectId, scenario: Scenario) =>
      subject(id, context, scenario, { url, child, headers }),
    stop: () => child.stop(),
  };
}

async function subject(
  id: SubjectId,
  context: BenchContext,
  scenario: Scenario,
  { url, child, headers }: Omit<HttpEndpoint, 'api'>,
): Promise<Subject> {
  const { model, mode } = scenario;
  if (!context.models.names.has(model)) throw new Skipped(`there is no model "${model}" yet`);
  if (id === 'server-graphql') {
    return httpSubject(id, context, scenario, {
      url: `${url}/graphql`,
      child,
      api: { kind: 'graphql' },
    });
  }
  if (id === 'server-typed') {
    const api = await typedApi(`${url}/graphql`, model);
    return httpSubject(id, context, scenario, { url: `${url}/graphql`, child, api });
  }
  const path = mode === 'batch' ? '/predict/batch' : '/predict';
  return httpSubject(id, context, scenario, {
    ...{ url: url + path, child, api: { kind: 'rest' } },
    ...(headers && { headers }),
  });
}
