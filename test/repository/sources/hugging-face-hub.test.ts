import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Hub, type HubOptions, startHub } from '../../support/sources/hub.ts';
import { SyncFixture } from './open-sync.ts';

/** Files of a repository; those in `large` are kept as the hub keeps large files. */
const FILES: Readonly<Record<string, string>> = {
  '.gitattributes': '*.onnx filter=lfs',
  'README.md': 'card',
  'config.json': '{"id2label":{"0":"a"}}',
  'tokenizer.json': '{}',
  'onnx/model.onnx': 'the graph',
  'onnx/model.onnx_data': 'its weights',
  'onnx/model_quantized.onnx': 'another graph',
  'pytorch_model.bin': 'not for us',
  'model.safetensors': 'not for us either',
  '1_Pooling/config.json': '{}',
};

describe('a repository of the Hugging Face hub', () => {
  const fixture = new SyncFixture();
  const servers: Hub[] = [];
  afterEach(async () => {
    await fixture.close();
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  async function start(options: Partial<HubOptions> = {}): Promise<Hub> {
    const hub = await startHub({ files: FILES, ...options });
    servers.push(hub);
    return hub;
  }

  const WANTED = {
    'tiny/README.md': 'card',
    'tiny/config.json': '{"id2label":{"0":"a"}}',
    'tiny/tokenizer.json': '{}',
    'tiny/onnx/model.onnx': 'the graph',
    'tiny/onnx/model.onnx_data': 'its weights',
    'tiny/1_Pooling/config.json': '{}',
  };

  it.each([[true], [false]])(
    'becomes a model of its name, without what no engine opens (sizes in the description: %s)',
    async (siblings) => {
      const hub = await start({ siblings });
      const { sync, files } = await fixture.open({
        MODELS_URL: 'hf://acme/tiny@v1.0',
        HF_ENDPOINT: hub.url,
      });
      await sync.start();
      expect(sync.problems()).toEqual([]);
      expect(await files()).toEqual(WANTED);
    },
  );

  it('takes another name, and another of its ONNX files', async () => {
    const hub = await start();
    const { sync, files } = await fixture.open({
      MODELS_URL: 'small=hf://acme/tiny@v1.0?file=onnx/model_quantized.onnx',
      HF_ENDPOINT: `${hub.url}/`,
    });
    await sync.start();
    const found = await files();
    expect(Object.keys(found).filter((file) => file.includes('.onnx'))).toEqual([
      'small/onnx/model_quantized.onnx',
    ]);
    expect(found['small/model.yaml']).toBe('file: onnx/model_quantized.onnx\n');
  });

  it('is asked with the token of a file, which goes to no other server', async () => {
    const hub = await start({ token: 'hf_secret' });
    const file = path.join(await fixture.folder(), 'token');
    await writeFile(file, 'hf_old\n');
    const { sync, files, events } = await fixture.open({
      MODELS_URL: 'hf://acme/tiny@v1.0',
      HF_ENDPOINT: hub.url,
      HF_TOKEN_FILE: file,
    });
    await sync.start();
    expect(sync.problems()[0]).toContain('refuses the credentials (401');
    await writeFile(file, 'hf_secret\n');
    await sync.look();
    expect(await files()).toEqual(WANTED);
    expect(JSON.stringify(events)).not.toContain('hf_');
  });

  it.each(['onnx/model.onnx', 'config.json'])('is refused when %s is damaged', async (damaged) => {
    const hub = await start({
      content: (file) => (file === damaged ? FILES[file]?.replace(/./, '#') : undefined),
    });
    const { sync, files } = await fixture.open({
      MODELS_URL: 'hf://acme/tiny@v1.0',
      HF_ENDPOINT: hub.url,
    });
    await sync.start();
    expect(await files()).toEqual({});
    expect(sync.problems()[0]).toMatch(/another (?:SHA-256|Git) digest than was told/);
  });

  it('without an export says what to do', async () => {
    const hub = await start({ files: { 'pytorch_model.bin': 'x', 'config.json': '{}' } });
    const { sync } = await fixture.open({
      MODELS_URL: 'hf://acme/tiny@v1.0',
      HF_ENDPOINT: hub.url,
    });
    await sync.start();
    expect(sync.problems()[0]).toContain('it has pytorch_model.bin, to be exported to ONNX');
  });

  it('with names that climb is refused', async () => {
    const hub = await start({ files: { '../../evil': 'x', 'model.onnx': 'y' } });
    const { sync, files } = await fixture.open({
      MODELS_URL: 'hf://acme/tiny@v1.0',
      HF_ENDPOINT: hub.url,
    });
    await sync.start();
    expect(await files()).toEqual({});
    expect(sync.problems()[0]).toContain('leads out of its folder');
  });
});
