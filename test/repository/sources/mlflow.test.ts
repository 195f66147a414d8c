import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { sendJson, startServer, type TestServer } from '../../support/sources/json-server.ts';
import {
  ACCESS_KEY,
  type ObjectStore,
  SECRET_KEY,
  startObjectStore,
} from '../../support/sources/object-store.ts';
import { SyncFixture } from './open-sync.ts';

describe('a registered model of MLflow', () => {
  const fixture = new SyncFixture();
  const servers: (TestServer | ObjectStore)[] = [];
  afterEach(async () => {
    await fixture.close();
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  /** A tracking server with versions 1 to 3, `champion` on 2 and `challenger` on 3. */
  async function startMlflow(
    artifactUri: (version: string) => string,
    artifacts: Readonly<Record<string, string>>,
    token?: string,
  ) {
    const aliases: Record<string, string> = { champion: '2', challenger: '3' };
    const describeVersion = (version: string) => ({
      name: 'fraud',
      version,
      run_id: `run${version}`,
      source: artifactUri(version),
      status: 'READY',
      creation_timestamp: 1,
    });
    const listed = (folder: string, path: (name: string) => string) => {
      const below = folder === '' ? '' : `${folder}/`;
      const names = new Map<string, number | null>();
      for (const [file, content] of Object.entries(artifacts)) {
        if (!file.startsWith(below)) continue;
        const [name = '', ...rest] = file.slice(below.length).split('/');
        names.set(name, rest.length > 0 ? null : content.length);
      }
      return Array.from(names, ([name, size]) =>
        size === null
          ? { path: path(name), is_dir: true }
          : { path: path(name), is_dir: false, file_size: String(size) },
      );
    };
    const server = await startServer((url, request, response) => {
      if (token !== undefined && request.headers.authorization !== token) {
        return sendJson(response, { error_code: 'PERMISSION_DENIED', message: '' }, 403);
      }
      const query = url.searchParams;
      const missing = () =>
        sendJson(response, { error_code: 'RESOURCE_DOES_NOT_EXIST', message: '' }, 404);
      const route = url.pathname.replace('/api/2.0/mlflow/', '');
      if (route.startsWith('/api/2.0/mlflow-artifacts/artifacts')) {
        const file = decodeURIComponent(
          route.slice('/api/2.0/mlflow-artifacts/artifacts'.length + 1),
        );
        if (file === '') {
          const folder = query.get('path') ?? '';
          return sendJson(response, { files: listed(folder, (name) => name) });
        }
        return artifacts[file] === undefined
          ? missing()
          : response.writeHead(200).end(artifacts[file]);
      }
      if (route === '/get-artifact') {
        const file = `${query.get('run_uuid') ?? ''}/${query.get('path') ?? ''}`;
        return response.writeHead(200).end(artifacts[file]);
      }
      if (query.get('name') !== 'fraud' && !query.has('run_id')) return missing();
      switch (route) {
        case 'artifacts/list': {
          const folder = query.get('path') ?? '';
          const run = query.get('run_id') ?? '';
          return sendJson(response, {
            root_uri: 'file:/x',
            files: listed(`${run}/${folder}`, (name) => `${folder}/${name}`),
          });
        }
        case 'registered-models/get':
          return sendJson(response, {
            registered_model: {
              name: 'fraud',
              latest_versions: [describeVersion('3')],
              aliases: Object.entries(aliases).map(([alias, version]) => ({ alias, version })),
            },
          });
        case 'registered-models/alias': {
          const version = aliases[query.get('alias') ?? ''];
          return version === undefined
            ? missing()
            : sendJson(response, { model_version: describeVersion(version) });
        }
        case 'model-versions/get':
          return sendJson(response, {
            model_version: describeVersion(query.get('version') ?? ''),
          });
        case 'model-versions/get-download-uri':
          return sendJson(response, { artifact_uri: artifactUri(query.get('version') ?? '') });
        default:
          return missing();
      }
    });
    servers.push(server);
    return { server, aliases };
  }

  const ARTIFACTS = {
    'exp/m2/MLmodel': 'flavors:',
    'exp/m2/model.onnx': 'two',
    'exp/m2/data/labels.txt': 'a',
    'exp/m3/MLmodel': 'flavors:',
    'exp/m3/model.onnx': 'three',
    'exp/m3/model.yaml': 'description: of three\nversions: {labels: {mine: "3"}}\n',
  };

  it('gives the version of an alias, which becomes its label, and follows the alias', async () => {
    const { server, aliases } = await startMlflow(
      (version) => `mlflow-artifacts:/exp/m${version}`,
      ARTIFACTS,
    );
    const { sync, files } = await fixture.open({
      MODELS_URL: 'mlflow:fraud@champion',
      MLFLOW_TRACKING_URI: server.url,
    });
    await sync.start();
    expect(sync.problems()).toEqual([]);
    const first = await files();
    expect(Object.keys(first).sort()).toEqual([
      'fraud/2/MLmodel',
      'fraud/2/data/labels.txt',
      'fraud/2/model.onnx',
      'fraud/model.yaml',
    ]);
    expect(parse(first['fraud/model.yaml'] ?? '')).toEqual({
      versions: { serve: 'all', labels: { champion: '2' } },
    });
    aliases.champion = '3';
    await sync.look();
    const second = await files();
    expect(second['fraud/3/model.onnx']).toBe('three');
    expect(second['fraud/2/model.onnx']).toBeUndefined();
    expect(parse(second['fraud/model.yaml'] ?? '')).toEqual({
      description: 'of three',
      versions: { serve: 'all', labels: { champion: '3', mine: '3' } },
    });
  });

  it('without an alias gives the versions of all of them', async () => {
    const { server } = await startMlflow(
      (version) => `mlflow-artifacts://host:1234/exp/m${version}`,
      ARTIFACTS,
      'Basic dXNlcjpwYXNz',
    );
    const { sync, files, events } = await fixture.open({
      MODELS_URL: 'risk=mlflow:fraud',
      MLFLOW_TRACKING_URI: server.url,
      MLFLOW_TRACKING_USERNAME: 'user',
      MLFLOW_TRACKING_PASSWORD: 'pass',
    });
    await sync.start();
    const found = await files();
    expect([found['risk/2/model.onnx'], found['risk/3/model.onnx']]).toEqual(['two', 'three']);
    const { versions } = parse(found['risk/model.yaml'] ?? '') as { versions: unknown };
    expect(versions).toMatchObject({ labels: { champion: '2', challenger: '3' } });
    expect(JSON.stringify(events)).not.toContain('pass');
  });

  it('is read out of its run where the server alone reaches its artifacts', async () => {
    const { server } = await startMlflow(
      (version) => `file:///srv/mlruns/0/run${version}/artifacts/model`,
      { 'run1/model/model.onnx': 'one', 'run1/model/x/y.txt': 'y' },
    );
    const { sync, files } = await fixture.open({
      MODELS_URL: 'mlflow:fraud/1',
      MLFLOW_TRACKING_URI: server.url,
    });
    await sync.start();
    expect(sync.problems()).toEqual([]);
    expect(await files()).toMatchObject({
      'fraud/1/model.onnx': 'one',
      'fraud/1/x/y.txt': 'y',
    });
  });

  it('is read out of the bucket that keeps its artifacts', async () => {
    const store = await startObjectStore();
    servers.push(store);
    store.objects.set('bucket/ml/2/model.onnx', Buffer.from('from the bucket'));
    const { server } = await startMlflow((version) => `s3://bucket/ml/${version}`, {});
    const { sync, files } = await fixture.open({
      MODELS_URL: 'mlflow:fraud@champion',
      MLFLOW_TRACKING_URI: server.url,
      AWS_ENDPOINT_URL: store.url,
      AWS_ACCESS_KEY_ID: ACCESS_KEY,
      AWS_SECRET_ACCESS_KEY: SECRET_KEY,
    });
    await sync.start();
    expect(await files()).toMatchObject({ 'fraud/2/model.onnx': 'from the bucket' });
  });

  it.each([
    ['mlflow:nothing', /not there \(404 RESOURCE_DOES_NOT_EXIST\)/],
    ['mlflow:fraud@nobody', /not there \(404 RESOURCE_DOES_NOT_EXIST\)/],
    ['mlflow:fraud/1', /kept at dbfs:, which only its own server reaches/],
  ])('%s is a clear problem where it cannot be had', async (url, problem) => {
    const { server } = await startMlflow(() => 'dbfs:/elsewhere', {});
    const { sync } = await fixture.open({ MODELS_URL: url, MLFLOW_TRACKING_URI: server.url });
    await sync.start();
    expect(sync.problems()[0]).toMatch(problem);
  });
});
