import { mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  ACCESS_KEY,
  type ObjectStore,
  SECRET_KEY,
  sendError,
  startObjectStore,
} from '../../support/sources/object-store.ts';
import { SyncFixture } from './open-sync.ts';

describe('models of an S3 bucket', () => {
  const fixture = new SyncFixture();
  let store: ObjectStore;
  beforeEach(async () => {
    store = await startObjectStore({ pageSize: 3 });
  });
  afterEach(async () => {
    await fixture.close();
    await store.close();
  });

  const put = (key: string, content: string | Buffer) =>
    store.objects.set(`bucket/${key}`, Buffer.from(content));
  const open = (env: Record<string, string> = {}) =>
    fixture.open({
      MODELS_URL: 's3://bucket/models',
      AWS_ENDPOINT_URL: store.url,
      AWS_ACCESS_KEY_ID: ACCESS_KEY,
      AWS_SECRET_ACCESS_KEY: SECRET_KEY,
      ...env,
    });

  it('become folders of plain files, page by page, whatever their keys are made of', async () => {
    put('models/a/1/model.onnx', 'weights of a');
    put("models/a/1/labels (new)+é & 'x'.txt", 'label');
    put('models/a/model.yaml', 'description: a');
    put('models/b/2/model.json', '{}');
    put('models/b/10/model.json', '{"a":1}');
    put('models/README.md', 'no model');
    put('elsewhere/c/1/model.onnx', 'not below the prefix');
    const { sync, files, events } = await open();
    await sync.start();
    expect(sync.problems()).toEqual([]);
    expect(await files()).toEqual({
      'a/1/model.onnx': 'weights of a',
      "a/1/labels (new)+é & 'x'.txt": 'label',
      'a/model.yaml': 'description: a',
      'b/2/model.json': '{}',
      'b/10/model.json': '{"a":1}',
    });
    expect(events).toEqual(['fetching a', 'fetched a', 'fetching b', 'fetched b']);
  });

  it('are fetched again only where they change, also after a restart', async () => {
    put('models/a/1/model.onnx', 'one');
    put('models/a/2/model.onnx', 'two');
    const first = await open();
    await first.sync.start();
    await first.sync.close();
    store.requests.length = 0;
    const second = await open({ STATE_DIR: first.directory });
    await second.sync.start();
    expect(store.requests.filter((url) => url.includes('model.onnx'))).toEqual([]);
    put('models/a/2/model.onnx', 'TWO');
    put('models/a/3/model.onnx', 'three');
    store.objects.delete('bucket/models/a/1/model.onnx');
    await second.sync.look();
    expect(store.requests.filter((url) => url.includes('model.onnx'))).toHaveLength(2);
    expect(await second.files()).toEqual({
      'a/2/model.onnx': 'TWO',
      'a/3/model.onnx': 'three',
    });
  });

  it('are mended where a file was changed on the disk', async () => {
    put('models/a/1/model.onnx', 'one');
    const { sync, directory, files } = await open();
    await sync.start();
    const file = path.join(directory, 'models/a/1/model.onnx');
    await writeFile(file, 'bad');
    await utimes(file, 1, 1);
    await sync.look();
    expect(await files()).toEqual({ 'a/1/model.onnx': 'one' });
  });

  it('stay when the source is away, and say so until it is back', async () => {
    put('models/a/1/model.onnx', 'one');
    const { sync, files, events } = await open();
    await sync.start();
    store.fault = (_request, response) => {
      sendError(response, 503, 'SlowDown');
      return true;
    };
    await sync.look();
    await sync.look();
    expect(sync.problems()).toEqual([
      's3://bucket/models is not fetched: s3://bucket/models answers with 503 SlowDown',
    ]);
    expect(await files()).toEqual({ 'a/1/model.onnx': 'one' });
    store.fault = undefined;
    await sync.look();
    expect(sync.problems()).toEqual([]);
    expect(events.slice(2)).toEqual([
      'problem s3://bucket/models: s3://bucket/models answers with 503 SlowDown',
      'recovered s3://bucket/models',
    ]);
  }, 60_000);

  it('stay when the bucket is empty all of a sudden', async () => {
    put('models/a/1/model.onnx', 'one');
    const { sync, files } = await open();
    await sync.start();
    store.objects.clear();
    await sync.look();
    expect(await files()).toEqual({ 'a/1/model.onnx': 'one' });
    expect(sync.problems()[0]).toContain('it holds no model any more');
  });

  it.each([
    ['half a body', (content: Buffer) => content.subarray(0, 3), true],
    ['a body of the same length with another digest', () => Buffer.from('xxxxxx'), false],
    ['a body that is too long', () => Buffer.from('far too long for it'), false],
  ])(
    'are fetched again after %s',
    async (_name, damage, announcesAll) => {
      put('models/a/1/model.onnx', 'onnx-1');
      put('models/b/1/model.onnx', 'b');
      let faults = 2;
      store.fault = (request, response) => {
        if (!request.url?.includes('/a/1/model.onnx') || faults-- <= 0) return false;
        const content = store.objects.get('bucket/models/a/1/model.onnx') ?? Buffer.alloc(0);
        const body = damage(content);
        response.writeHead(200, announcesAll ? { 'content-length': content.byteLength } : {});
        response.write(body, () => (announcesAll ? response.destroy() : response.end()));
        return true;
      };
      const { sync, files } = await open();
      await sync.start();
      await sync.look();
      await sync.look();
      expect(await files()).toEqual({ 'a/1/model.onnx': 'onnx-1', 'b/1/model.onnx': 'b' });
      expect(sync.problems()).toEqual([]);
    },
    60_000,
  );

  it('are never put into place while one of their files is damaged', async () => {
    put('models/a/1/model.onnx', 'good-1');
    const { sync, files, directory } = await open();
    await sync.start();
    put('models/a/1/model.onnx', 'good-2');
    put('models/a/1/weights.bin', 'w');
    store.fault = (request, response) => {
      if (!request.url?.includes('weights.bin')) return false;
      response.writeHead(200).end('X');
      return true;
    };
    await sync.look();
    expect(await files()).toEqual({ 'a/1/model.onnx': 'good-1' });
    expect(sync.problems()[0]).toMatch(/model "a" is not fetched: weights|1\/weights.bin/);
    expect(await readdir(path.join(directory, 'staging'))).toEqual([]);
  }, 60_000);

  it('are given up and asked for again when the server falls silent', async () => {
    put('models/a/1/model.onnx', 'onnx-1');
    let silences = 1;
    store.fault = (request, response) => {
      if (!request.url?.includes('model.onnx') || silences-- <= 0) return false;
      response.writeHead(200, { 'content-length': 6 }).write('on');
      return true;
    };
    const { sync, files } = await open({ MODELS_URL_TIMEOUT_MS: '300' });
    await sync.start();
    expect(await files()).toEqual({ 'a/1/model.onnx': 'onnx-1' });
  });

  it('are not fetched with credentials that have expired or are wrong; no secret is told', async () => {
    put('models/a/1/model.onnx', 'one');
    store.fault = (_request, response) => {
      sendError(response, 400, 'ExpiredToken');
      return true;
    };
    const { sync } = await open();
    await sync.start();
    expect(sync.problems()[0]).toContain('refuses the credentials (400 ExpiredToken)');
    store.fault = undefined;
    const wrong = await open({ AWS_SECRET_ACCESS_KEY: 'another-secret' });
    await wrong.sync.start();
    expect(wrong.sync.problems()[0]).toContain('403 SignatureDoesNotMatch');
    expect(JSON.stringify([wrong.events, sync.problems()])).not.toMatch(/another-secret|wJalr/);
  });

  it('whose names climb out of their folder are refused, their neighbours are not', async () => {
    put('models/good/1/model.onnx', 'good');
    put('models/bad/../../../escaped.txt', 'bad');
    put('models/worse/1/..\\x', 'bad');
    put('models/double//model.onnx', 'bad');
    put('models/both', 'a file');
    put('models/clash/1', 'a file');
    put('models/clash/1/model.onnx', 'and a folder');
    put('models/../escape2/model.onnx', 'bad');
    const { sync, files, directory } = await open();
    await sync.start();
    expect(await files()).toEqual({ 'good/1/model.onnx': 'good' });
    expect(await readdir(path.dirname(directory))).not.toContain('escaped.txt');
    const problems = sync.problems().join('\n');
    expect(problems).toMatch(/model "bad" is not fetched: .*leads out of its folder/);
    expect(problems).toMatch(/model "worse"/);
    expect(problems).toMatch(/model "double" is not fetched: .*an absolute path/);
    expect(problems).toMatch(/model "clash" is not fetched: .*a file and a folder/);
  });

  it('that need more than the disk may hold are refused before they are fetched', async () => {
    put('models/small/1/model.onnx', 'small');
    put('models/large/1/model.onnx', Buffer.alloc(200_000, 1));
    const { sync, files } = await open({ MODELS_MAX_BYTES: '100KB' });
    await sync.start();
    expect(Object.keys(await files())).toEqual(['small/1/model.onnx']);
    expect(sync.problems()[0]).toMatch(/"large" needs more than .*MODELS_MAX_BYTES/);
    expect(store.requests.some((url) => url.includes('large/1'))).toBe(false);
  });

  it('come from a bucket of 100,000 objects', async () => {
    await store.close();
    store = await startObjectStore();
    for (let i = 0; i < 100_000; i++) put(`models/junk/${i % 100}/${i}.bin`, '');
    put('models/a/1/model.onnx', 'a');
    const { sync, files } = await open();
    await sync.start();
    expect(await files()).toEqual({ 'a/1/model.onnx': 'a' });
    expect(sync.problems()).toEqual([
      's3://bucket/models: model "junk" is not fetched: it has more than 10000 files',
    ]);
  }, 120_000);

  it('are refused as a whole where there are more of them than a source may have', async () => {
    await store.close();
    store = await startObjectStore();
    for (let i = 0; i < 1_001; i++) put(`models/m${i}/1/model.onnx`, 'm');
    const { sync, files } = await open();
    await sync.start();
    expect(await files()).toEqual({});
    expect(sync.problems()).toEqual([
      's3://bucket/models is not fetched: it holds more than 1000 models: name a longer prefix, or one model',
    ]);
  });

  it('that are refused by the hundred fill neither health nor the log of the next looks', async () => {
    await store.close();
    store = await startObjectStore();
    for (let i = 0; i < 500; i++) put(`models/not allowed ${i}/1/model.onnx`, 'm');
    put('models/a/1/model.onnx', 'a');
    const { sync, files, events } = await open();
    await sync.start();
    expect(Object.keys(await files())).toEqual(['a/1/model.onnx']);
    expect(sync.problems()).toHaveLength(21);
    expect(sync.problems().at(-1)).toBe('480 more are not fetched');
    const before = events.length;
    await sync.look();
    expect(events).toHaveLength(before);
  });

  it('are one model where the prefix holds one, or where a name is given', async () => {
    put('models/resnet/1/model.onnx', 'r');
    put('loose/x/weights.bin', 'w');
    const { sync, files } = await open({
      MODELS_URL: 's3://bucket/models/resnet, mine=s3://bucket/loose/',
    });
    await sync.start();
    expect(await files()).toEqual({ 'resnet/1/model.onnx': 'r', 'mine/x/weights.bin': 'w' });
  });

  it('leave when they leave the source, or when the source is no longer named', async () => {
    put('models/a/1/model.onnx', 'a');
    put('models/b/1/model.onnx', 'b');
    const first = await open();
    await first.sync.start();
    store.objects.delete('bucket/models/b/1/model.onnx');
    await first.sync.look();
    expect(await first.files()).toEqual({ 'a/1/model.onnx': 'a' });
    put('other/c/1/model.onnx', 'c');
    const second = await open({
      STATE_DIR: first.directory,
      MODELS_URL: 's3://bucket/other',
    });
    await second.sync.start();
    expect(await second.files()).toEqual({ 'c/1/model.onnx': 'c' });
  });

  it('are dropped half-way when the server is told to stop', async () => {
    put('models/a/1/model.onnx', 'onnx-1');
    let isAsked = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    store.fault = (request, response) => {
      if (!request.url?.includes('model.onnx')) return false;
      response.writeHead(200, { 'content-length': 6 }).write('on');
      isAsked();
      return true;
    };
    const { sync, files } = await open({ MODELS_URL_TIMEOUT_MS: '60000' });
    const started = sync.start();
    await asked;
    await sync.close();
    await started;
    expect(await files()).toEqual({});
  });

  it('are completed where a crash broke off their way into place', async () => {
    put('models/a/1/model.onnx', 'one');
    const first = await open();
    await first.sync.start();
    await first.sync.close();
    const { directory } = first;
    // As a process leaves it that was killed between the first rename and the last.
    const staged = path.join(directory, 'staging', `${process.pid}-x`);
    await mkdir(path.join(staged, '2'), { recursive: true });
    await writeFile(path.join(staged, '2', 'model.onnx'), 'two');
    const { mtimeMs } = await stat(path.join(staged, '2', 'model.onnx'));
    const model = {
      source: 's3://bucket/models',
      files: { '2/model.onnx': { size: 3, tag: 't', sha256: 's', mtimeMs } },
      placing: path.basename(staged),
    };
    await writeFile(path.join(directory, 'index', 'a.json'), JSON.stringify(model));
    store.fault = (_request, response) => {
      sendError(response, 403, 'AccessDenied');
      return true;
    };
    const second = await open({ STATE_DIR: directory });
    await second.sync.start();
    expect(await second.files()).toEqual({ 'a/2/model.onnx': 'two' });
  });

  it('come from Google by HMAC keys too', async () => {
    await store.close();
    store = await startObjectStore({ region: 'auto' });
    put('m/a/1/model.onnx', 'a');
    const { sync, files } = await fixture.open({
      MODELS_URL: 'gs://bucket/m',
      GS_ENDPOINT_URL: store.url,
      GS_ACCESS_KEY_ID: ACCESS_KEY,
      GS_SECRET_ACCESS_KEY: SECRET_KEY,
    });
    await sync.start();
    expect(sync.problems()).toEqual([]);
    expect(await files()).toEqual({ 'a/1/model.onnx': 'a' });
  });

  it('are looked at again by themselves', async () => {
    put('models/a/1/model.onnx', 'a');
    const { sync, files, events } = await open({ MODELS_URL_POLL_MS: '50' });
    await sync.start();
    put('models/a/2/model.onnx', 'b');
    await vi.waitFor(() => expect(events.filter((e) => e === 'fetched a')).toHaveLength(2), 10_000);
    expect(Object.keys(await files())).toHaveLength(2);
  });
});
