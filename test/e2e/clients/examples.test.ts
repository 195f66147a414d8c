import { readFile } from 'node:fs/promises';
import { generate } from '@graphql-codegen/cli';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import codegen from '../../../examples/codegen.ts';
import { makeTypes, TYPES_FILE } from '../../../examples/rest-typed/generate.ts';
import { type RunningApp, runApp } from '../../support/running-app.ts';
import { RunningExample } from './run-example.ts';

/** Lines of `output` that begin with `start`. */
function lines(output: string, start: string): string[] {
  return output.split('\n').filter((line) => line.startsWith(start));
}

const CARD = /^prediction card_arrival \(\d\d\.\d%\)$/m;

describe('the examples', { timeout: 60_000 }, () => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await runApp({ defaultModel: 'banking77' });
  });
  afterAll(() => app.stop());

  it('Apollo Client queries, predicts and subscribes', async () => {
    const output = await new RunningExample('apollo/main.ts', app.url).end();
    expect(output).toContain('model banking77: READY');
    expect(output).toMatch(CARD);
    expect(output).toMatch(/^row lost_or_stolen_phone$/m);
    expect(output).toMatch(/^row failed: BAD_USER_INPUT$/m);
    expect(lines(output, 'metrics')).toHaveLength(3);
  });

  it('urql does so over WebSocket and server-sent events', async () => {
    const output = await new RunningExample('urql/main.ts', app.url).end();
    expect(output).toContain('model banking77: READY');
    expect(output).toMatch(CARD);
    expect(lines(output, 'websocket')).toHaveLength(3);
    expect(lines(output, 'events')).toHaveLength(3);
  });

  it('fetch is enough', async () => {
    const output = await new RunningExample('fetch/main.ts', app.url).end();
    expect(output).toMatch(/^graphql card_arrival \(\d\d\.\d%\)$/m);
    expect(output).toMatch(/^rest card_arrival \(\d\d\.\d%\), cached: true$/m);
    expect(output).toMatch(/^error MODEL_NOT_FOUND: /m);
  });

  it('curl is enough', async () => {
    const output = await new RunningExample('curl/calls.sh', app.url).end();
    expect(output).toContain('"prediction":"card_arrival"');
    expect(output).toContain('"code":"BAD_USER_INPUT"');
    expect(output.match(/"prediction":"5"/g)).toHaveLength(2);
    expect(output).toContain('"model_loaded":true');
    expect(output).toContain('event: next');
  });

  it('a REST client is typed by the OpenAPI document', async () => {
    const output = await new RunningExample('rest-typed/main.ts', app.url).end();
    expect(output).toMatch(CARD);
    expect(lines(output, 'score')).toHaveLength(2);
    expect(output).toMatch(/^row failed: BAD_USER_INPUT$/m);
    expect(output).toMatch(/^error MODEL_NOT_FOUND \(404\)$/m);
  });

  it('the types of the operations are those of the schema (npm run codegen)', async () => {
    const files = (await generate({ ...codegen, silent: true }, false)) as readonly {
      readonly filename: string;
      readonly content: string;
    }[];
    expect(files.length).toBeGreaterThan(1);
    for (const { filename, content } of files) {
      expect(await readFile(filename, 'utf8')).toBe(content);
    }
  });

  it('the types of REST are those of the server (npm run codegen)', async () => {
    expect(await readFile(TYPES_FILE, 'utf8')).toBe(await makeTypes());
  });
});

describe('after a restart of the server', { timeout: 60_000 }, () => {
  it.each([
    ['apollo/main.ts', 'metrics'],
    ['urql/main.ts', 'websocket'],
  ])('%s goes on by itself', async (file, word) => {
    let app = await runApp({ defaultModel: 'banking77' });
    const example = new RunningExample(file, app.url, '100000');
    try {
      await example.prints((output) => lines(output, word).length >= 2);
      await app.stop();
      const before = lines(example.output, word).length;
      app = await runApp({ port: app.port, defaultModel: 'banking77' });
      await example.prints((output) => lines(output, word).length >= before + 2);
    } finally {
      example.kill();
      await app.stop();
    }
  });
});
