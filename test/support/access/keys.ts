import { pino } from 'pino';
import { Access } from '../../../src/access/access.ts';
import { parseAccessFile } from '../../../src/access/access-file.ts';
import { createApiKey } from '../../../src/access/api-key.ts';
import { type Config, loadConfig } from '../../../src/config.ts';

/** What a key of a test may do. */
export interface TestKey {
  readonly scopes?: readonly string[];
  readonly models?: readonly string[];
  readonly rate?: string;
  readonly weight?: number;
  readonly expires?: string;
  readonly revoked?: string;
}

/** Keys by their name in the test. */
export interface TestAccess<Name extends string> {
  readonly access: Access;
  readonly keys: Readonly<Record<Name, string>>;
  /** Takes other keys, as a changed access file would. */
  readonly set: (keys: Readonly<Partial<Record<Name, TestKey>>>) => void;
}

/** Access with some keys, without a file. */
export function createTestAccess<Name extends string>(
  given: Readonly<Record<Name, TestKey>>,
  config: Partial<Config> = {},
  ownScopes = new Map<string, string>(),
): TestAccess<Name> {
  const access = new Access({
    config: loadConfig({}, config),
    logger: pino({ level: 'silent' }),
    ownScopes,
  });
  const names = Object.keys(given) as Name[];
  const made = new Map(names.map((name) => [name, createApiKey()]));
  const set = (keys: Readonly<Partial<Record<Name, TestKey>>>): void => {
    const written = Object.entries<TestKey | undefined>(keys).map(([name, key]) => ({
      id: made.get(name as Name)?.id,
      name,
      sha256: made.get(name as Name)?.sha256,
      ...key,
      scopes: key?.scopes ?? [],
    }));
    access.authenticator.setKeys(parseAccessFile(JSON.stringify({ keys: written })));
  };
  set(given);
  const keys = Object.fromEntries(names.map((name) => [name, made.get(name)?.key ?? '']));
  return { access, keys: keys as Record<Name, string>, set };
}
