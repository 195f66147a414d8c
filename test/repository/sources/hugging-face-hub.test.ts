import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { sendJson, startServer, type TestServer } from '../../support/sources/json-server.ts';
import { SyncFixture } from './open-sync.ts';

const SHA = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00';

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

const isLarge = (file: string): boolean => /\.(?:onnx|onnx_data|bin|safetensors)$/.test(file);

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const gitId = (text: string) =>
  createHash('sha1').update(`blob ${text.length}\0${text}`).digest('hex');

describe('a repository of the Hugging Face hub', () => {
  const fixture = new SyncFixture();
  const servers: TestServer[] = [];
  afterEach(async () => {
    await fixture.close();
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  async function startHub(
    options: {
      files?: Readonly<Record<string, string>>;
      content?: (file: string) => string | undefined;
      siblings?: boolean;
      token?: string;
    } = {},
  ) {
    const { files = FILES, siblings = true, token } = options;
    const cdn = await startServer((url, request, response) => {
      // A token that is sent to another server is a token that leaked.
      if (request.headers.authorization !== undefined) return response.writeHead(400).end();
      response.writeHead(200).end(files[decodeURIComponent(url.pathname.slice(1))]);
    });
    const hub = await startServer((url, request, response) => {
      if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
        return sendJson(response, { error: 'Invalid credentials' }, 401);
      }
      const api = '/api/models/acme/tiny';
      const names = Object.keys(files);
      if (url.pathname === `${api}/revision/v1.0`) {
        return sendJson(response, {
          id: 'acme/tiny',
          sha: SHA,
          siblings: names.map((rfilename) => ({
            rfilename,
            ...(siblings && {
              size: files[rfilename]?.length,
              blobId: gitId(files[rfilename] ?? ''),
              ...(isLarge(rfilename) && {
                lfs: { sha256: sha256(files[rfilename] ?? ''), size: files[rfilename]?.length },
              }),
            }),
          })),
        });
      }
      if (url.pathname === `${api}/tree/${SHA}`) {
        const start = Number(url.searchParams.get('cursor') ?? 0);
        const page = names.slice(start, start + 4).map((file) => ({
          type: 'file',
          path: file,
          oid: gitId(files[file] ?? ''),
          size: files[file]?.length,
          ...(isLarge(file) && {
            lfs: { oid: sha256(files[file] ?? ''), size: files[file]?.length, pointerSize: 130 },
          }),
        }));
        if (start + 4 < names.length) {
          response.setHeader(
            'link',
            `<${hub.url}${api}/tree/${SHA}?recursive=true&cursor=${start + 4}>; rel="next"`,
          );
        }
        return sendJson(response, page);
      }
      const prefix = `/acme/tiny/resolve/${SHA}/`;
      const file = decodeURIComponent(url.pathname).slice(prefix.length);
      if (!url.pathname.startsWith(prefix) || files[file] === undefined) {
        return sendJson(response, { error: 'Entry not found' }, 404);
      }
      const changed = options.content?.(file);
      if (changed !== undefined) return response.writeHead(200).end(changed);
      if (!isLarge(file)) return response.writeHead(200).end(files[file]);
      response.writeHead(302, { location: `${cdn.url}/${file}` }).end();
    });
    servers.push(cdn, hub);
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
      const hub = await startHub({ siblings });
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
    const hub = await startHub();
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
    const hub = await startHub({ token: 'hf_secret' });
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
    const hub = await startHub({
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
    const hub = await startHub({ files: { 'pytorch_model.bin': 'x', 'config.json': '{}' } });
    const { sync } = await fixture.open({
      MODELS_URL: 'hf://acme/tiny@v1.0',
      HF_ENDPOINT: hub.url,
    });
    await sync.start();
    expect(sync.problems()[0]).toContain('it has pytorch_model.bin, to be exported to ONNX');
  });

  it('with names that climb is refused', async () => {
    const hub = await startHub({ files: { '../../evil': 'x', 'model.onnx': 'y' } });
    const { sync, files } = await fixture.open({
      MODELS_URL: 'hf://acme/tiny@v1.0',
      HF_ENDPOINT: hub.url,
    });
    await sync.start();
    expect(await files()).toEqual({});
    expect(sync.problems()[0]).toContain('leads out of its folder');
  });
});
