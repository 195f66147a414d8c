import { z } from 'zod';
import { bytes, integer, setting } from './setting.ts';

/** What a client may ask for; docs/limits.md says how to choose. */
export const LIMITS_SETTINGS = {
  maxBodyBytes: setting('MAX_BODY_BYTES', bytes, '10MB', 'Maximum size of a request body.'),
  maxJsonDepth: setting(
    'MAX_JSON_DEPTH',
    integer(1, 1_000),
    '64',
    'Maximum nesting of objects and arrays in a JSON body.',
  ),
  maxJsonKeys: setting(
    'MAX_JSON_KEYS',
    integer(10, 1_000_000),
    '10000',
    'Maximum number of different object keys in a JSON body.',
  ),
  maxJsonObjects: setting(
    'MAX_JSON_OBJECTS',
    integer(10, 100_000_000),
    '250000',
    'Maximum number of objects and arrays in a JSON body.',
  ),
  maxJsonValues: setting(
    'MAX_JSON_VALUES',
    integer(10, 100_000_000),
    '1000000',
    'Maximum number of values in a JSON body, such as the elements of its tensors.',
  ),
  maxBodies: setting(
    'MAX_BODIES',
    integer(1, 1_000_000),
    '10000',
    'Maximum number of request bodies being received at once; beyond it, the one that has waited longest is refused.',
  ),
  maxBodiesBytes: setting(
    'MAX_BODIES_BYTES',
    bytes,
    '256MB',
    'Maximum size of all request bodies being received together; beyond it, the largest is refused.',
  ),
  minBodyRate: setting(
    'MIN_BODY_RATE',
    bytes,
    '240',
    'Minimum average rate at which a request body must arrive, in bytes per second; 0 sets none.',
  ),
  bodyGraceMs: setting(
    'BODY_GRACE_MS',
    integer(0, 600_000),
    '5000',
    'Time that a request body may take before MIN_BODY_RATE applies, in milliseconds.',
  ),
  maxBatchInputs: setting(
    'MAX_BATCH_INPUTS',
    integer(1, 1_000_000),
    '10000',
    'Maximum number of inputs in a batch request, or in all fields of a GraphQL operation together.',
  ),
  maxConcurrentRequests: setting(
    'MAX_CONCURRENT_REQUESTS',
    integer(1, 1_000_000),
    '2000',
    'Maximum number of concurrent requests, not counting those whose bodies are being received; beyond it, requests fail with OVERLOADED.',
  ),
  maxQueueRows: setting(
    'MAX_QUEUE_ROWS',
    integer(1, 10_000_000),
    '20000',
    'Maximum number of queued rows per model version; beyond it, requests fail with OVERLOADED.',
  ),
  maxSubscriptions: setting(
    'MAX_SUBSCRIPTIONS',
    integer(1, 1_000_000),
    '10000',
    'Maximum number of open subscriptions.',
  ),
  maxSocketOperations: setting(
    'MAX_SOCKET_OPERATIONS',
    integer(1, 100_000),
    '100',
    'Maximum number of open operations per WebSocket, including subscriptions.',
  ),
  maxSocketMessagesPerSecond: setting(
    'MAX_SOCKET_MESSAGES_PER_SECOND',
    integer(1, 1_000_000),
    '1000',
    'Maximum number of messages per second that are read from one WebSocket; the rest waits.',
  ),
  maxSocketBufferBytes: setting(
    'MAX_SOCKET_BUFFER_BYTES',
    bytes,
    '64MB',
    'Maximum amount of data buffered for a slow client before its WebSocket is closed.',
  ),
  maxDocumentBytes: setting(
    'MAX_DOCUMENT_BYTES',
    bytes,
    '1MB',
    'Maximum size of a GraphQL document, without variables.',
  ),
  maxDocumentTokens: setting(
    'MAX_DOCUMENT_TOKENS',
    integer(100, 10_000_000),
    '50000',
    'Maximum number of tokens in a GraphQL document, without variables.',
  ),
  maxQueryDepth: setting(
    'MAX_QUERY_DEPTH',
    integer(1, 1_000),
    '20',
    'Maximum depth of a GraphQL operation.',
  ),
  maxAliases: setting(
    'MAX_ALIASES',
    integer(0, 1_000_000),
    '1000',
    'Maximum number of aliases in a GraphQL document, counted at every fragment spread.',
  ),
  maxRootFields: setting(
    'MAX_ROOT_FIELDS',
    integer(1, 1_000_000),
    '1000',
    'Maximum number of root fields of a GraphQL operation.',
  ),
  maxDirectives: setting(
    'MAX_DIRECTIVES',
    integer(0, 1_000_000),
    '500',
    'Maximum number of directives in a GraphQL document, counted at every fragment spread.',
  ),
  maxAnswerFields: setting(
    'MAX_ANSWER_FIELDS',
    integer(100, 1_000_000_000),
    '1000000',
    'Maximum number of fields in the response to a GraphQL operation.',
  ),
  maxAnswerBytes: setting(
    'MAX_ANSWER_BYTES',
    bytes,
    '64MB',
    'Maximum size of a response, estimated while it is built.',
  ),
  queryCost: setting(
    'QUERY_COST',
    z.enum(['off', 'measure', 'enforce']),
    'off',
    'Cost of GraphQL operations, from the measured compute time of their predictions: `measure` reports it in the header `X-Query-Cost`, `enforce` also refuses what exceeds MAX_QUERY_COST.',
  ),
  maxQueryCost: setting(
    'MAX_QUERY_COST',
    integer(1, 1_000_000_000_000),
    '30000000',
    'Maximum cost of a GraphQL operation, in microseconds of compute.',
  ),
} as const;
