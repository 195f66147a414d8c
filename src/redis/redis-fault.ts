/** What an error of Redis means. */
export interface RedisFault {
  /** For people, and free of addresses and credentials: it is shown in health. */
  readonly reason: string;
  /** Whether the next command would fail just the same. */
  readonly lasting: boolean;
}

/** Replies of Redis that tell of a state, not of a command. */
const REPLIES: readonly (readonly [prefix: string, reason: string])[] = [
  ['READONLY', 'it is a read-only replica'],
  ['OOM', 'it is out of memory'],
  ['MISCONF', 'it cannot persist and refuses writes'],
  ['LOADING', 'it is loading its data'],
  ['MASTERDOWN', 'its master is down'],
  ['CLUSTERDOWN', 'the cluster is down'],
  ['NOREPLICAS', 'it has too few replicas to accept writes'],
  ['NOAUTH', 'it asks for a password'],
  ['WRONGPASS', 'it refuses the password'],
  ['ERR invalid password', 'it refuses the password'],
  ['NOPERM', 'the user has no permission'],
  ['ERR max number of clients', 'it has too many clients'],
  ['ERR DB index', 'there is no such database'],
];

const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was lost',
  EPIPE: 'the connection was lost',
  ETIMEDOUT: 'connecting took too long',
  ENOTFOUND: 'its host name is not known',
  EAI_AGAIN: 'its host name cannot be looked up',
  EHOSTUNREACH: 'its host cannot be reached',
  ENETUNREACH: 'its network cannot be reached',
};

/** Raised where an answer did not come in time. */
export class NoAnswerError extends Error {
  constructor(timeoutMs: number) {
    super(`no answer within ${timeoutMs} ms`);
    this.name = 'NoAnswerError';
  }
}

/** Raised where an answer is none that Redis would give. */
export class NonsenseError extends Error {
  constructor() {
    super('the answer is not one of Redis');
    this.name = 'NonsenseError';
  }
}

/** Tells what an error of the client means. */
export function redisFault(thrown: unknown): RedisFault {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (error instanceof NoAnswerError) return { reason: error.message, lasting: true };
  if (error instanceof NonsenseError || error.name === 'ParserError') {
    return { reason: 'it answers nonsense', lasting: true };
  }
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const system = SYSTEM_ERRORS[code];
  if (system !== undefined) return { reason: system, lasting: true };
  if (error.name === 'ReplyError') {
    const known = REPLIES.find(([prefix]) => error.message.startsWith(prefix));
    return known
      ? { reason: known[1], lasting: true }
      : { reason: 'it refuses commands', lasting: false };
  }
  if (/certificate|TLS|SSL/i.test(`${code} ${error.message}`)) {
    return { reason: 'no secure connection could be made', lasting: true };
  }
  if (/sentinel/i.test(error.message)) {
    return { reason: 'no Sentinel knows a master', lasting: true };
  }
  return { reason: 'the connection was lost', lasting: true };
}
