import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { startHub } from '../../support/sources/hub.ts';
import { startServer } from '../../support/sources/json-server.ts';
import { startMlflow } from '../../support/sources/mlflow-server.ts';
import {
  ACCESS_KEY,
  type Fault,
  SECRET_KEY,
  startObjectStore,
} from '../../support/sources/object-store.ts';
import { tarOf } from '../../support/sources/tar.ts';
import { SyncFixture } from './open-sync.ts';

/** A place that models come from, and how it is named. */
interface Place {
  fault: Fault | undefined;
  readonly env: Record<string, string>;
  /** Address of what a test breaks: a file of the model. */
  readonly isFile: (url: string) => boolean;
  readonly files: Record<string, string>;
  close(): Promise<void>;
}

const MODEL = 'weights of a model that are long enough to be cut';

const PLACES: Readonly<Record<string, () => Promise<Place>>> = {
  async s3() {
    const store = await startObjectStore();
    store.objects.set('bucket/m/a/1/model.onnx', Buffer.from(MODEL));
    return place(store, /model\.onnx/, {
      env: {
        MODELS_URL: 's3://bucket/m',
        AWS_ENDPOINT_URL: store.url,
        AWS_ACCESS_KEY_ID: ACCESS_KEY,
        AWS_SECRET_ACCESS_KEY: SECRET_KEY,
      },
      files: { 'a/1/model.onnx': MODEL },
    });
  },
  async gs() {
    const store = await startObjectStore({ region: 'auto' });
    store.objects.set('bucket/m/a/1/model.onnx', Buffer.from(MODEL));
    return place(store, /model\.onnx/, {
      env: {
        MODELS_URL: 'gs://bucket/m',
        GS_ENDPOINT_URL: store.url,
        GS_ACCESS_KEY_ID: ACCESS_KEY,
        GS_SECRET_ACCESS_KEY: SECRET_KEY,
      },
      files: { 'a/1/model.onnx': MODEL },
    });
  },
  async 'the hub'() {
    const hub = await startHub({ files: { 'onnx/model.onnx': MODEL, 'README.md': 'card' } });
    return place(hub, /^\/onnx\/model\.onnx/, {
      env: { MODELS_URL: 'hf://acme/tiny@v1.0', HF_ENDPOINT: hub.url, HF_TOKEN: 'hf_secret' },
      files: { 'tiny/onnx/model.onnx': MODEL, 'tiny/README.md': 'card' },
    });
  },
  async MLflow() {
    const server = await startMlflow({
      artifactUri: (version) => `mlflow-artifacts:/exp/m${version}`,
      artifacts: { 'exp/m2/model.onnx': MODEL },
    });
    return place(server, /model\.onnx/, {
      env: { MODELS_URL: 'mlflow:fraud@champion', MLFLOW_TRACKING_URI: server.url },
      files: {
        'fraud/2/model.onnx': MODEL,
        'fraud/model.yaml': 'versions:\n  serve: all\n  labels:\n    champion: "2"\n',
      },
    });
  },
  async 'an archive'() {
    const archive = gzipSync(tarOf([{ path: 'a/1/model.onnx', content: MODEL }]));
    const state: { fault: Fault | undefined } = { fault: undefined };
    const server = await startServer((_url, request, response) => {
      if (state.fault?.(request, response)) return;
      response.writeHead(200, { 'last-modified': 'Wed, 25 Nov 2026 00:00:00 GMT' }).end(archive);
    });
    const opened = place(
      {
        close: () => server.close(),
        get fault() {
          return state.fault;
        },
        set fault(fault) {
          state.fault = fault;
        },
      },
      /pack/,
      {
        env: { MODELS_URL: `${server.url}/pack.tar.gz` },
        files: { 'a/1/model.onnx': MODEL },
      },
    );
    return opened;
  },
};

function place(
  server: { fault: Fault | undefined; close(): Promise<void> },
  file: RegExp,
  rest: Pick<Place, 'env' | 'files'>,
): Place {
  return {
    ...rest,
    isFile: (url) => file.test(url),
    get fault() {
      return server.fault;
    },
    set fault(fault) {
      server.fault = fault;
    },
    close: () => server.close(),
  };
}

const FAULTS: Readonly<Record<string, (response: ServerResponse) => void>> = {
  'half a body': (response) => {
    response.writeHead(200, { 'content-length': MODEL.length }).write(MODEL.slice(0, 10), () => {
      response.destroy();
    });
  },
  'half a body of which nobody said how long it is': (response) => {
    response.writeHead(200).end(MODEL.slice(0, 10));
  },
  'another content': (response) => {
    response.writeHead(200).end(MODEL.replaceAll('e', 'E'));
  },
  '503': (response) => {
    response.writeHead(503).end('<html>try later</html>');
  },
  '429 with a time to wait': (response) => {
    response.writeHead(429, { 'retry-after': '0' }).end();
  },
  silence: () => undefined,
  'silence amid the body': (response) => {
    response.writeHead(200).write(MODEL.slice(0, 10));
  },
  'a connection that is closed': (response) => {
    response.destroy();
  },
};

/** What nothing tells of: MLflow gives no digests, and a .tar.gz has no length of its own. */
const UNSEEN: Readonly<Record<string, readonly string[]>> = {
  MLflow: ['another content'],
};

describe.each(Object.entries(PLACES))('faults of %s', (name, openPlace) => {
  const fixture = new SyncFixture();
  let opened: Place | undefined;
  afterEach(async () => {
    await fixture.close();
    await opened?.close();
  });

  const known = Object.entries(FAULTS).filter(([fault]) => !UNSEEN[name]?.includes(fault));

  it.each(known)(
    '%s is asked for again',
    async (_fault, answer) => {
      const at = (opened = await openPlace());
      let left = 2;
      at.fault = (request, response) => {
        if (!at.isFile(request.url ?? '') || left-- <= 0) return false;
        answer(response);
        return true;
      };
      const { sync, files } = await fixture.open({ ...at.env, MODELS_URL_TIMEOUT_MS: '300' });
      await sync.start();
      // An archive that is damaged is asked for at the next look only.
      await sync.look();
      await sync.look();
      expect(sync.problems()).toEqual([]);
      expect(await files()).toEqual(at.files);
    },
    30_000,
  );

  it.each([
    ['credentials that have expired', 401, /refuses the credentials \(401/],
    ['credentials that may not', 403, /refuses the credentials \(403/],
    ['a server that fails', 500, /answers with 500/],
  ])(
    '%s leave the last good copy, and say so',
    async (_fault, status, message) => {
      const at = (opened = await openPlace());
      const first = await fixture.open(at.env);
      await first.sync.start();
      expect(await first.files()).toEqual(at.files);
      at.fault = (_request, response) => {
        response.writeHead(status).end();
        return true;
      };
      await first.sync.look();
      expect(await first.files()).toEqual(at.files);
      expect(first.sync.problems()).toHaveLength(1);
      expect(first.sync.problems()[0]).toMatch(message);
      expect(JSON.stringify([first.events, first.sync.problems()])).not.toMatch(/hf_|wJalr/);
      await first.sync.close();
      const again = await fixture.open({ ...at.env, STATE_DIR: first.directory });
      await again.sync.start();
      expect(await again.files()).toEqual(at.files);
      expect(again.sync.problems()[0]).toMatch(message);
    },
    30_000,
  );
});
