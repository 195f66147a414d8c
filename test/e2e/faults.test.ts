import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import { ISOLATIONS, type Isolation } from '../../src/runtimes/worker-channel.ts';
import {
  answerOf,
  startFaultServer,
  type FaultServer,
  type LogLine,
} from '../support/faults/fault-server.ts';

/** Turns of the model's loop that take some seconds. */
const SECONDS = 1_000_000;

/** Turns that take some tenths of a second. */
const A_WHILE = 100_000;

const manifest = (kind: Isolation, workers = 1) =>
  `workers: { count: ${workers}, isolation: ${kind} }\ncache: { enabled: false }\n`;

const says = (text: string, model: string) => (line: LogLine) =>
  line.msg === text && line.model === model;

const rowsOf = (count: number) => Array.from({ length: count }, (_, x) => ({ x }));

describe.each(ISOLATIONS)('models in worker %s', (kind) => {
  it('answer every request right while workers are ended again and again', async () => {
    await using server = await startFaultServer({ a: manifest(kind, 2) });
    const pool = server.pool('a');
    let killed = 0;
    const clients = Array.from({ length: 8 }, async (_, client) => {
      const wrong: (string | number | undefined)[] = [];
      for (let i = 0; i < 20; i++) {
        const x = client * 100 + i;
        const answer = answerOf((await server.predict('a', { x, cost: 2_000 })).body);
        if (answer !== 2 * x) wrong.push(answer);
        if (i % 5 === client % 5 && killed < 12) {
          killed++;
          void pool.workers[0]?.terminate();
        }
      }
      return wrong;
    });
    const wrong = (await Promise.all(clients)).flat();
    // A request that lost two workers in a row by this is failed; nothing else may be.
    expect(wrong.filter((answer) => answer !== 'INFERENCE_FAILED')).toEqual([]);
    expect(wrong.length).toBeLessThan(16);
    expect(lossesOf(server, 'a')).toBeGreaterThan(0);
  });

  it('answer the neighbours of a row that hangs its worker', async () => {
    await using server = await startFaultServer(
      { a: manifest(kind), b: manifest(kind) },
      { runTimeoutMs: 400 },
    );
    const rows = rowsOf(40).map((row) => (row.x === 17 ? { ...row, cost: SECONDS } : row));
    const [batch, other] = await Promise.all([
      server.predictBatch('a', rows),
      server.predictBatch('b', rowsOf(40)),
    ]);
    expect(batch.body.results?.map(answerOf)).toEqual(
      rowsOf(40).map(({ x }) => (x === 17 ? 'INFERENCE_FAILED' : 2 * x)),
    );
    expect(other.body.results?.map(answerOf)).toEqual(rowsOf(40).map(({ x }) => 2 * x));
    expect(lossesOf(server, 'a')).toBeLessThanOrEqual(3);
    expect(lossesOf(server, 'b')).toBe(0);
    expect((await server.get('/health')).body.status).toBe('healthy');
  });

  it('let requests wait while the only worker is replaced', async () => {
    await using server = await startFaultServer({ a: manifest(kind) });
    await server.pool('a').workers[0]?.terminate();
    const answers = await Promise.all(rowsOf(5).map((row) => server.predict('a', row)));
    expect(answers.map(({ body }) => answerOf(body))).toEqual([0, 2, 4, 6, 8]);
  });

  it('let requests wait for a new worker no longer than their deadline', async () => {
    await using server = await startFaultServer({ a: manifest(kind) });
    const running = server.predict('a', { x: 1, cost: A_WHILE });
    void server.pool('a').workers[0]?.terminate();
    const late = await server.predict('a', { x: 2 }, { options: { timeout_ms: 1 } });
    expect([late.status, answerOf(late.body)]).toEqual([504, 'DEADLINE_EXCEEDED']);
    expect(answerOf((await running).body)).toBe(2);
  });

  it('are failed with the reason while their file is broken, without touching others', async () => {
    await using server = await startFaultServer({ a: manifest(kind), b: manifest(kind) });
    const good = await readFile(server.file('a'));
    await writeFile(server.file('a'), 'this is no model');
    await server.pool('a').workers[0]?.terminate();
    const [failed] = await server.log.first(1, says('model failed', 'a'));
    expect(failed).toMatchObject({ level: 50, version: '1' });

    // The first failure may be that of the reload; what served goes on until its worker is gone.
    const health = await vi.waitFor(
      async () => {
        const now = await server.get('/health');
        expect([now.status, now.body.status]).toEqual([200, 'degraded']);
        return now;
      },
      { timeout: 15_000 },
    );
    const [reason] = health.body.reasons ?? [];
    expect(reason).toMatch(/^Model "a" failed: .+/);
    expect(reason).not.toContain(server.file('a'));
    const refused = await server.predict('a', { x: 1 });
    expect([refused.status, answerOf(refused.body)]).toEqual([503, 'MODEL_NOT_READY']);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(answerOf((await server.predict('b', { x: 5 })).body)).toBe(10);

    await writeFile(server.file('a'), good);
    // The first line tells of the start, the second of the recovery.
    await server.log.first(2, says('model ready', 'a'));
    expect(answerOf((await server.predict('a', { x: 6 })).body)).toBe(12);
    expect((await server.get('/health')).body.status).toBe('healthy');
  });
});

describe('a model in worker processes', () => {
  it('survives a poison input that overflows the heap of its worker each time', async () => {
    const before = process.env.NODE_OPTIONS;
    process.env.NODE_OPTIONS = '--max-old-space-size=32';
    try {
      await using server = await startFaultServer({ a: manifest('process') });
      const rows = rowsOf(3).map((row) => (row.x === 1 ? { ...row, junk: 40_000 } : row));
      for (let times = 0; times < 2; times++) {
        const { body } = await server.predictBatch('a', rows);
        expect(body.results?.map(answerOf)).toEqual(
          rowsOf(3).map(({ x }) => (x === 1 ? 'INFERENCE_FAILED' : 2 * x)),
        );
      }
      const [lost] = await server.log.first(1, says('worker lost', 'a'));
      expect(lost?.reason).toContain('SIGABRT');
      expect((await server.get('/health')).body.status).toBe('healthy');
    } finally {
      if (before === undefined) delete process.env.NODE_OPTIONS;
      else process.env.NODE_OPTIONS = before;
    }
  }, 90_000);

  it('loses nothing when all its workers are killed at once under load', async () => {
    await using server = await startFaultServer({ a: manifest('process', 2) });
    const answers = rowsOf(60).map((row) => server.predict('a', { ...row, cost: 5_000 }));
    await answers[0];
    for (const { id } of server.pool('a').workers) process.kill(id, 'SIGKILL');
    const bodies = (await Promise.all(answers)).map(({ body }) => body);
    expect(bodies.map(answerOf)).toEqual(rowsOf(60).map(({ x }) => 2 * x));
  });
});

const lossesOf = ({ log }: FaultServer, model: string) =>
  log.all.filter(says('worker lost', model)).length;
