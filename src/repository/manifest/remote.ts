import { z } from 'zod';
import { section } from './section.ts';

const PROTOCOLS = ['http', 'grpc'] as const;

/** `http://host:8000`, `https://…`, `grpc://host:8001`, `grpcs://…`, or `host:port` alone. */
const address = z
  .string()
  .regex(
    /^(?:(?:https?|grpcs?):\/\/)?(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?(?:\/[\w./~%-]*)?$/,
    'expected a URL such as http://host:8000 or grpc://host:8001',
  );

/** A secret: written out, in a variable of the environment, or in a file. */
const secret = z.union(
  [z.string(), section({ env: z.string().min(1) }), section({ file: z.string().min(1) })],
  'expected a text, { env: NAME } or { file: path }',
);

/** A secret as the manifest gives it. */
export type SecretManifest = z.infer<typeof secret>;

/** The engine behind a model of `runtime: remote`. */
export const remoteSection = section({
  /** Where it answers: one address, or several that serve the same model. */
  url: z.union([address, z.array(address).min(1).max(64)], {
    error: 'expected a URL, or a list of them',
  }),
  /** @default that of the URL, else http */
  protocol: z.enum(PROTOCOLS).optional(),
  /** Name of the model there. @default that of the folder */
  model: z.string().min(1).max(256).optional(),
  /** Version there. @default the one that serves there */
  version: z.string().min(1).max(128).optional(),
  /** Sent with every request, as HTTP headers or gRPC metadata. */
  headers: z
    .record(z.string().regex(/^[A-Za-z0-9-]+$/, 'expected the name of a header'), secret)
    .default({}),
  /** For https and grpcs; files are looked for from the folder of the model. */
  tls: section({
    /** Certificates that are trusted, PEM. @default those of Node */
    ca: z.string().min(1).optional(),
    /** Certificate of this client, PEM, and its key. */
    cert: z.string().min(1).optional(),
    key: z.string().min(1).optional(),
    /** Name that the server's certificate must have. @default the host of the URL */
    serverName: z.string().min(1).optional(),
    /** `false` trusts any certificate. @default true */
    verify: z.boolean().default(true),
  }).optional(),
  /** Most requests under way at one address. @default 8 */
  maxInFlight: z.int().min(1).max(1024).default(8),
  /** Most tries of one request, on other addresses where there are any. @default 4 */
  maxTries: z.int().min(1).max(16).default(4),
  /** Time after which an address that does not answer is asked whether it is there. @default 1000 */
  probeAfterMs: z.int().min(50).max(600_000).default(1_000),
  /** Largest answer, in bytes. @default 268435456 */
  maxAnswerBytes: z
    .int()
    .min(1024)
    .max(2 ** 31 - 1)
    .default(2 ** 28),
});

/** The engine behind a model, as its manifest tells it. */
export type RemoteManifest = z.infer<typeof remoteSection>;
