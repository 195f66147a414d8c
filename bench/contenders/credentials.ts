import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createApiKey } from '../../src/access/api-key.ts';
import { CACHE } from '../models/bench-models.ts';

/** More than any run asks for: what is measured is the counting, not the refusing. */
const RATE = '100000000/minute';

const AUDIENCE = 'bench';

/** An access file with one key, which has an allowance of its own. */
export function writeAccessFile(): { readonly file: string; readonly key: string } {
  const { id, key, sha256 } = createApiKey();
  const file = path.join(CACHE, `access-${id}.yaml`);
  mkdirSync(CACHE, { recursive: true });
  const entry = { ...{ id, sha256, name: 'bench', scopes: ['predict'] }, rate: RATE };
  writeFileSync(file, JSON.stringify({ keys: [entry] }), { mode: 0o600 });
  return { file, key };
}

/** Somebody who signs tokens, with the address of his keys. */
export interface Issuer {
  readonly jwksUrl: string;
  readonly audience: string;
  readonly token: string;
  readonly stop: () => Promise<void>;
}

/** Starts an issuer on a free port of this process, and lets it sign one token of an hour. */
export async function startIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'bench', alg: 'RS256', use: 'sig' }];
  const server = createServer((_req, res) => {
    res.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const token = await new SignJWT({ scope: 'predict' })
    .setProtectedHeader({ alg: 'RS256', kid: 'bench' })
    .setSubject('bench')
    .setAudience(AUDIENCE)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey);
  const { port } = server.address() as AddressInfo;
  return {
    jwksUrl: `http://127.0.0.1:${port}/jwks`,
    audience: AUDIENCE,
    token,
    stop: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
