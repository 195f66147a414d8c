import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../src/telemetry/logger.ts';
import { monitorEventLoop } from '../../src/telemetry/event-loop.ts';

describe('logger', () => {
  it('writes JSON lines and keeps credentials out', () => {
    const stream = new PassThrough();
    const logger = createLogger({ logLevel: 'info' }, stream);
    logger.debug('not this');
    logger.info({ req: { headers: { authorization: 'Bearer x', accept: '*/*' } } }, 'asked');
    logger.warn({ headers: { cookie: 'a=b', 'x-api-key': 'k' } }, 'asked again');
    const lines = String(stream.read()).trimEnd().split('\n');
    const [first, second] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toHaveLength(2);
    expect(first).toMatchObject({
      level: 'info',
      msg: 'asked',
      req: { headers: { authorization: '[redacted]', accept: '*/*' } },
    });
    expect(second).toMatchObject({ headers: { cookie: '[redacted]', 'x-api-key': '[redacted]' } });
  });

  it('writes lines for people where it is told to', () => {
    const stream = new PassThrough();
    const logger = createLogger({ logLevel: 'info', logFormat: 'pretty' }, stream);
    logger.info({ model: 'banking77', headers: { cookie: 'a=b' } }, 'model ready');
    const line = String(stream.read());
    expect(line).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: model ready \{"model":"banking77"/);
    expect(line).not.toContain('a=b');
  });
});

describe('event loop monitor', () => {
  it('tells how long the thread was blocked', async () => {
    const monitor = monitorEventLoop(5);
    const turn = () => new Promise((resolve) => setTimeout(resolve, 10));
    await turn();
    const end = performance.now() + 120;
    while (performance.now() < end);
    await turn();
    expect(monitor.takeP99Ms()).toBeGreaterThan(60);
    expect(monitor.takeP99Ms()).toBeLessThan(60);
    monitor.close();
  });
});
