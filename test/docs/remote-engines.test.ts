import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp, type App } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { remoteSection } from '../../src/repository/manifest/remote.ts';
import { makeModelsFolder, type ModelsFolder } from '../support/models-folder.ts';
import { type RunningApp, runApp } from '../support/running-app.ts';

describe('docs/remote-engines.md', () => {
  let text: string;
  let manifests: readonly string[];
  let peerModels: ModelsFolder;
  let peer: App;
  let ports: { port: number; grpcPort: number };
  let server: RunningApp;
  let folder: string;
  beforeAll(async () => {
    text = await readFile('docs/remote-engines.md', 'utf8');
    manifests = Array.from(text.matchAll(/```yaml\n([\s\S]*?)```/g), ([, code = '']) => code);
    peerModels = await makeModelsFolder();
    await peerModels.add('digits');
    await peerModels.add('digits', { as: 'digits-large' });
    const large = path.join(peerModels.root, 'digits-large');
    await rename(path.join(large, '1'), path.join(large, '3'));
    peer = createApp(
      loadConfig(
        { HOST: '127.0.0.1', PORT: '0', GRPC_PORT: '0', LOG_LEVEL: 'silent' },
        { modelsDir: peerModels.root, watchModels: false },
      ),
    );
    const { port, grpcPort = 0 } = await peer.start();
    ports = { port, grpcPort };
    process.env.TRITON_TOKEN = 'Bearer secret';
    folder = await mkdtemp(path.join(os.tmpdir(), 'remote-docs-'));
    const names = ['digits', 'pictures'];
    for (const [i, manifest] of manifests.entries()) {
      const directory = path.join(folder, names[i] ?? `model-${i}`);
      await mkdir(directory);
      await writeFile(path.join(directory, 'model.yaml'), local(manifest));
    }
    await writeFile(
      path.join(folder, 'pictures', 'labels.txt'),
      Array.from({ length: 10 }, (_, digit) => `digit ${digit}\n`).join(''),
    );
    server = await runApp({ modelsDir: folder, watchModels: false });
  });
  afterAll(async () => {
    await server.stop();
    await peer.stop();
    await peerModels.remove();
    await rm(folder, { recursive: true });
  });

  const local = (manifest: string) =>
    manifest
      .replaceAll('http://triton:8000', `http://127.0.0.1:${ports.port}`)
      .replaceAll(/grpc:\/\/triton-\d:8001/g, `grpc://127.0.0.1:${ports.grpcPort}`);

  it('makes a model of a folder with nothing but a model.yaml', async () => {
    expect(manifests).toHaveLength(2);
    const data = Array.from({ length: 64 }, () => 0.5);
    const input = { tensors: [{ name: 'image', datatype: 'FP32', shape: [1, 1, 8, 8], data }] };
    const { status, text: body } = await server.post('/predict', {
      model: 'digits',
      input,
      outputs: true,
    });
    expect(status).toBe(200);
    expect(body).toContain('"shape":[1,10]');
  });

  it('puts a typed field, a codec and labels in front of another engine', async () => {
    const file = await readFile('models/digits/examples/three.png');
    const { body, text: answer } = await server.post('/predict', {
      model: 'pictures',
      input: { image: file.toString('base64') },
    });
    expect(body.prediction, answer).toBe('digit 3');
    const { data, errors } = await server.graphql<{ pictures: { label: string } }>(
      'query ($image: String!) { pictures(image: $image) { label } }',
      { image: file.toString('base64') },
    );
    expect(errors).toBeUndefined();
    expect(data.pictures.label).toBe('digit_3');
  });

  it('lets each version have an engine of its own', async () => {
    const versioned = path.join(folder, 'versioned');
    await mkdir(path.join(versioned, '7'), { recursive: true });
    await cp(path.join(folder, 'digits', 'model.yaml'), path.join(versioned, 'model.yaml'));
    const own = `model: digits-large\nversion: '3'\n`;
    await writeFile(path.join(versioned, '7', 'remote.yaml'), own);
    await withApp(await runApp({ modelsDir: folder, watchModels: false }), async (other) => {
      const { text: models } = await other.get('/models');
      expect(models).toMatch(/"name":"versioned"/);
      expect((await other.get('/models/versioned')).text).toContain('"version":"7"');
    });
    await rm(versioned, { recursive: true });
  });

  it('names every key', () => {
    const table = text.slice(text.indexOf('| Key of'), text.indexOf('`url` and `protocol` may'));
    const named = Array.from(table.matchAll(/^\| `(\w+)`/gm), ([, key = '']) => key);
    expect(named.sort()).toEqual(Object.keys(remoteSection.shape).sort());
  });
});

async function withApp(app: RunningApp, work: (app: RunningApp) => Promise<void>): Promise<void> {
  try {
    await work(app);
  } finally {
    await app.stop();
  }
}
