import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { startServerProcess } from '../../support/faults/server-process.ts';
import { ATTACKS, type Attack } from '../../support/limits/attacks.ts';
import { startLoopMeter } from '../../support/limits/loop-hold.ts';

/**
 * The short form of `npm run test:limits`, which measures every attack. Other suites share the
 * processor with this one: the bound is far above that of the command, and far below what these
 * requests took before there were limits.
 */
const MOST_MS = 700;

const TRIES = 5;

/** Those that held the event loop for a second and more, or ended the process. */
const NAMES = [
  'fragments nested six deep, 20 aliases each',
  'fragments nested six deep, 7 aliases each',
  '0.5 MB of newlines and 120 unknown fields',
  '40 aliases of scores(top: 77) over 2,000 equal inputs',
  '10,000 inputs over REST, 77 scores each',
  '4,000,000 brackets to /predict',
  '4,000,000 brackets to /graphql',
  '4,000,000 brackets to /v2/models/banking77/infer',
  '600,000 unknown keys to /predict',
  '600,000 feature keys over REST',
  '600,000 feature keys over GraphQL',
  'empty objects to /graphql',
  'a nested tensor over REST',
];

function send(url: string, { path, headers }: Attack, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': String(body.length),
        ...headers,
      },
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.end(body);
  });
}

describe('a single request at the default limits', () => {
  it('does not keep others waiting', { timeout: 180_000 }, async () => {
    await using server = startServerProcess({ LOG_LEVEL: 'info', LOG_FORMAT: 'json' });
    const url = await server.ready();
    using meter = startLoopMeter(Number(new URL(url).port));
    for (const name of NAMES) {
      const attack = ATTACKS.find((each) => each.name === name);
      expect(attack, name).toBeDefined();
      if (!attack) continue;
      const body = attack.body();
      let held = Infinity;
      for (let at = 0; at < TRIES && held > MOST_MS; at++) {
        held = Math.min(held, await meter.during(() => send(url, attack, body)));
      }
      expect(held, name).toBeLessThan(MOST_MS);
    }
  });
});
