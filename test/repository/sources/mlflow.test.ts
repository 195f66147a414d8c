import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  type MlflowServer,
  type MlflowServerOptions,
  startMlflow,
} from '../../support/sources/mlflow-server.ts';
import {
  ACCESS_KEY,
  type ObjectStore,
  SECRET_KEY,
  startObjectStore,
} from '../../support/sources/object-store.ts';
import { SyncFixture } from './open-sync.ts';

describe('a registered model of MLflow', () => {
  const fixture = new SyncFixture();
  const servers: (MlflowServer | ObjectStore)[] = [];
  afterEach(async () => {
    await fixture.close();
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  async function start(options: MlflowServerOptions): Promise<MlflowServer> {
    const server = await startMlflow(options);
    servers.push(server);
    return server;
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
    const server = await start({
      artifactUri: (version) => `mlflow-artifacts:/exp/m${version}`,
      artifacts: ARTIFACTS,
    });
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
    server.aliases.champion = '3';
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
    const server = await start({
      artifactUri: (version) => `mlflow-artifacts://host:1234/exp/m${version}`,
      artifacts: ARTIFACTS,
      authorization: 'Basic dXNlcjpwYXNz',
    });
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
    const server = await start({
      artifactUri: (version) => `file:///srv/mlruns/0/run${version}/artifacts/model`,
      artifacts: { 'run1/model/model.onnx': 'one', 'run1/model/x/y.txt': 'y' },
    });
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
    const server = await start({
      artifactUri: (version) => `s3://bucket/ml/${version}`,
      artifacts: {},
    });
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

  it('whose artifacts have names that climb is refused', async () => {
    const server = await start({
      artifactUri: () => 'mlflow-artifacts:/exp/m',
      artifacts: { 'exp/m/model.onnx': 'x', 'exp/m/../../../evil': 'y' },
    });
    const { sync, files } = await fixture.open({
      MODELS_URL: 'mlflow:fraud@champion',
      MLFLOW_TRACKING_URI: server.url,
    });
    await sync.start();
    expect(sync.problems()[0]).toContain('leads out of its folder');
    expect(await files()).toEqual({});
  });

  it.each([
    ['mlflow:nothing', /not there \(404 RESOURCE_DOES_NOT_EXIST\)/],
    ['mlflow:fraud@nobody', /not there \(404 RESOURCE_DOES_NOT_EXIST\)/],
    ['mlflow:fraud/1', /kept at dbfs:, which only its own server reaches/],
  ])('%s is a clear problem where it cannot be had', async (url, problem) => {
    const server = await start({ artifactUri: () => 'dbfs:/elsewhere', artifacts: {} });
    const { sync } = await fixture.open({ MODELS_URL: url, MLFLOW_TRACKING_URI: server.url });
    await sync.start();
    expect(sync.problems()[0]).toMatch(problem);
  });
});
