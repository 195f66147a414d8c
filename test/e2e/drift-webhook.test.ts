import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runApp, type RunningApp } from '../support/running-app.ts';

interface Row {
  readonly body_mass_g: number | null;
}

/** What a receiver was sent. */
interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
}

const PENGUINS = readFileSync('test/fixtures/drift/penguins.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => (JSON.parse(line) as { input: { features: Row } }).input.features);

/** A penguin whose weight comes in another unit. */
const penguin = (i: number, factor: number) => {
  const features = PENGUINS[i % PENGUINS.length]!;
  const mass = features.body_mass_g;
  return { features: { ...features, body_mass_g: mass === null ? null : mass * factor } };
};

describe('a webhook of drift alerts', { timeout: 60_000 }, () => {
  let receiver: Server;
  let received: Received[];
  let answer: (response: ServerResponse) => void;
  let state: string;
  let server: RunningApp;
  beforeEach(async () => {
    received = [];
    answer = (response) => response.end();
    receiver = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        received.push({
          headers: request.headers,
          body: JSON.parse(text) as Record<string, unknown>,
        });
        answer(response);
      });
    }).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const { port } = receiver.address() as AddressInfo;
    state = await mkdtemp(path.join(os.tmpdir(), 'drift-webhook-'));
    server = await runApp({
      stateDir: state,
      driftWebhookUrl: `http://127.0.0.1:${port}/alerts?token=secret`,
    });
  });
  afterEach(async () => {
    await server.stop();
    receiver.closeAllConnections();
    receiver.close();
    await rm(state, { recursive: true, force: true });
  });

  const predict = async (count: number, factor: number) => {
    const inputs = Array.from({ length: count }, (_, i) => penguin(i, factor));
    const { body } = await server.post('/predict/batch', { model: 'penguins', inputs });
    expect(body.results.filter((result) => 'error' in result)).toEqual([]);
  };
  const driftState = async () =>
    (await server.graphql<{ drift: { state: string } }>('{ drift(model: "penguins") { state } }'))
      .data.drift.state;

  it('is sent each alert as JSON', async () => {
    await predict(300, 0.001);
    await vi.waitFor(() => expect(received.length).toBeGreaterThan(0));
    const [{ headers, body } = { headers: {}, body: {} }] = received;
    expect(headers['content-type']).toBe('application/json');
    expect(body).toMatchObject({
      model: 'penguins',
      version: '1',
      state: 'DRIFT',
      columns: expect.arrayContaining(['body_mass_g']) as unknown,
      severity: expect.any(Number) as number,
      predictions: expect.any(Number) as number,
      message: expect.stringContaining('body_mass_g') as string,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
    });
  });

  it('that never answers delays neither predictions nor alerts to others, nor the end of the server', async () => {
    answer = () => undefined;
    await predict(300, 0.001);
    await vi.waitFor(() => expect(received).toHaveLength(1));
    // The receiver holds the first alert: everything else goes on.
    await predict(300, 1);
    expect(await driftState()).not.toBe('NOT_ENOUGH_DATA');
    expect((await server.get('/health')).body.status).toBe('healthy');
    expect(received).toHaveLength(1);
    await server.stop();
  });

  it('that fails is told the next alert all the same', async () => {
    answer = (response) => response.writeHead(500).end();
    await predict(300, 0.001);
    await vi.waitFor(() => expect(received).toHaveLength(1));
    answer = (response) => response.socket?.destroy();
    for (let part = 0; part < 6; part++) await predict(250, 1);
    await vi.waitFor(() => expect(received.length).toBeGreaterThan(1));
    expect(received[1]?.body).toMatchObject({ previous_state: 'DRIFT' });
  });
});
