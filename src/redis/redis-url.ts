/** Where Redis is and how to get in. */
export interface RedisTarget {
  /** One server, Sentinels that know the master, or nodes of a cluster. */
  readonly kind: 'single' | 'sentinel' | 'cluster';
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  /** Whether the connection is encrypted. */
  readonly tls: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Number of the database. */
  readonly database: number;
  /** Name of the master that the Sentinels watch. */
  readonly master: string | undefined;
}

const DEFAULT_PORTS = { single: 6379, sentinel: 26_379, cluster: 6379 } as const;

const URL_FORM = /^redis(s?)(?:\+(sentinel|cluster))?:\/\/(?:([^@/\s]*)@)?([^/?#\s]+)(?:\/(.*))?$/;
const NODE_FORM = /^(\[[\da-fA-F:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/;

/**
 * Reads one of
 *
 *     redis://[user:password@]host[:port][/database]
 *     redis+sentinel://[user:password@]host[:port],host[:port]/master[/database]
 *     redis+cluster://[user:password@]host[:port],host[:port]
 *
 * with `rediss` in place of `redis` for TLS. Special characters of the password are
 * percent-encoded.
 *
 * @throws {Error} when it is none of these; the message does not repeat the password
 */
export function parseRedisUrl(url: string): RedisTarget {
  const [, secure, variant, credentials, hosts = '', path = ''] = URL_FORM.exec(url) ?? [];
  const kind = variant === 'sentinel' || variant === 'cluster' ? variant : 'single';
  const nodes = hosts.split(',').map((text) => {
    const [, host, port] = NODE_FORM.exec(text) ?? [];
    if (host === undefined || Number(port ?? 0) > 65_535) throw malformed();
    return {
      host: host.replace(/^\[|\]$/g, ''),
      port: port === undefined ? DEFAULT_PORTS[kind] : Number(port),
    };
  });
  if (kind === 'single' && nodes.length > 1) throw malformed();
  const [first = '', second = ''] = path.split('/');
  const [master, database] = kind === 'sentinel' ? [first, second] : [undefined, first];
  if (master === '' || !/^\d*$/.test(database)) throw malformed();
  const separator = credentials?.indexOf(':') ?? -1;
  const username = separator < 0 ? credentials : credentials?.slice(0, separator);
  const password = separator < 0 ? '' : credentials?.slice(separator + 1);
  return {
    kind,
    nodes,
    tls: secure === 's',
    username: decoded(username),
    password: decoded(password),
    database: Number(database),
    master: decoded(master),
  };
}

function decoded(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    throw malformed();
  }
}

function malformed(): Error {
  return new Error(
    'REDIS_URL must look like redis://host:6379, redis+sentinel://host:26379,host:26379/master ' +
      'or redis+cluster://host:6379,host:6379 (rediss for TLS).',
  );
}
