import { z } from 'zod';
import { integer, optional, setting } from './setting.ts';

const issuerUrl = z.url({
  protocol: /^https?$/,
  error: 'expected a URL such as https://id.example',
});

const JWT_ALGORITHMS_FORM =
  /^(?:(?:RS|PS|ES)(?:256|384|512)|EdDSA|Ed25519)(?:,(?:(?:RS|PS|ES)(?:256|384|512)|EdDSA|Ed25519))*$/;

const RATE_FORM = /^[1-9]\d{0,11}(?:ms)?\/(?:second|minute|hour|day)$/;

/** Who may call, and how often. */
export const ACCESS_SETTINGS = {
  auth: setting(
    'AUTH',
    z.enum(['auto', 'required', 'off']),
    'auto',
    'Whether credentials are required: `auto` as soon as a key or an issuer is configured; `required` refuses to start without either; `off` never.',
  ),
  accessFile: optional(
    'ACCESS_FILE',
    z.string(),
    'YAML file of the API keys, as written by `ml-inference-api keys create`; changes apply within a second.',
  ),
  jwtIssuer: optional(
    'JWT_ISSUER',
    issuerUrl,
    'Issuer whose tokens are accepted; its keys are found by OpenID Connect Discovery.',
  ),
  jwtJwksUrl: optional(
    'JWT_JWKS_URL',
    issuerUrl,
    'URL of the JSON Web Key Set of the issuer, instead of discovery.',
  ),
  jwtAudience: optional('JWT_AUDIENCE', z.string(), 'Audience that tokens must name.'),
  jwtAlgorithms: setting(
    'JWT_ALGORITHMS',
    z
      .string()
      .regex(JWT_ALGORITHMS_FORM, 'expected names such as RS256,ES256; never none or HS256'),
    'RS256,RS384,RS512,PS256,PS384,PS512,ES256,ES384,ES512,EdDSA',
    'Signature algorithms that tokens may use.',
  ),
  jwtClockSkewSeconds: setting(
    'JWT_CLOCK_SKEW_SECONDS',
    integer(0, 600),
    '5',
    'Tolerated clock difference to the issuer, in seconds.',
  ),
  jwtScopesClaim: setting(
    'JWT_SCOPES_CLAIM',
    z.string(),
    'scope',
    'Claim that holds the scopes, separated by spaces or as an array; a path such as `realm_access.roles` selects a nested claim.',
  ),
  jwtModelsClaim: setting(
    'JWT_MODELS_CLAIM',
    z.string(),
    'models',
    'Claim with the names of the models that the token may use, as an array; a token without it may use all models.',
  ),
  trustedProxies: optional(
    'TRUSTED_PROXIES',
    z.string(),
    'Comma-separated addresses and CIDR networks of proxies whose headers `Forwarded`, `X-Forwarded-For` and `X-Real-IP` are trusted.',
  ),
  trustedDocuments: optional(
    'TRUSTED_DOCUMENTS',
    z.string(),
    'File or folder of trusted documents, as the client preset of GraphQL Code Generator writes it (`persisted-documents.json`, SHA-256).',
  ),
  trustedDocumentsMode: setting(
    'TRUSTED_DOCUMENTS_MODE',
    z.enum(['only', 'prefer', 'off']),
    'only',
    'Handling of other documents: `only` accepts them with the scope `documents:any` only, `prefer` accepts them all, `off` ignores trusted documents.',
  ),
  rateLimit: optional(
    'RATE_LIMIT',
    z.string().regex(RATE_FORM, 'expected a rate such as 600/minute or 600ms/minute'),
    'Limit per API key, or per address without keys: rows (`600/minute`) or compute time (`600ms/minute`) per second, minute, hour or day.',
  ),
} as const;
