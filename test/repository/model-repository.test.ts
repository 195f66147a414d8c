import { chmod, cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareVersions, ModelRepository } from '../../src/repository/model-repository.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'models-'));
});
afterEach(() => rm(root, { recursive: true }));

/** Writes files of a model; folders come into being as needed. */
async function write(model: string, files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, model, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

const read = (model: string) => new ModelRepository(root).read(model);

const problemOf = async (model: string) => {
  const { problem, broken } = await read(model);
  const found = problem ?? broken.map((version) => version.problem).join();
  expect(found).not.toContain(root);
  return found;
};

describe('layouts', () => {
  it.each([
    ['1/model.onnx', '1', 'onnx', '1/model.onnx'],
    ['1/onnx/model.onnx', '1', 'onnx', '1/onnx/model.onnx'],
    ['2/model.json', '2', 'tfjs', '2/model.json'],
    ['3/saved_model.pb', '3', 'tfjs', '3'],
    ['model.onnx', '1', 'onnx', 'model.onnx'],
    ['onnx/model.onnx', '1', 'onnx', 'onnx/model.onnx'],
    ['7/resnet.onnx', '7', 'onnx', '7/resnet.onnx'],
  ])('%s alone serves tensors', async (file, version, engine, entry) => {
    await write('bare', { [file]: 'x' });
    const folder = await read('bare');
    expect(folder.problem).toBeNull();
    expect(folder.manifest).toMatchObject({
      input: { kind: 'tensors' },
      output: { kind: 'tensors' },
    });
    expect(folder.inferred).toEqual({ input: true, output: true });
    expect(folder.versions).toMatchObject([
      { version, engine, entry: path.join(root, 'bare', entry), labels: null },
    ]);
  });

  it('lists models by name and versions by number, and nothing else', async () => {
    for (const version of ['10', '9', '2']) await write('b', { [`${version}/model.onnx`]: 'x' });
    await write('a', { '1/model.onnx': 'x', 'v2/model.onnx': 'x', 'examples/one.png': 'x' });
    await write('.hidden', { '1/model.onnx': 'x' });
    await writeFile(path.join(root, 'README.md'), 'x');
    await symlink(path.join(root, 'a'), path.join(root, 'linked'));
    await symlink(path.join(root, 'README.md'), path.join(root, 'file'));
    const folders = await new ModelRepository(root).scan();
    expect(folders.map(({ name }) => name)).toEqual(['a', 'b', 'linked']);
    expect(folders[1]?.versions.map(({ version }) => version)).toEqual(['2', '9', '10']);
    expect(folders[0]?.versions).toHaveLength(1);
    expect(compareVersions('10', '9')).toBeGreaterThan(0);
  });

  it('takes the file and the runtime that model.yaml names', async () => {
    const files = { '1/model.onnx': 'x', '1/model.json': '{}', '1/small.onnx': 'x' };
    await write('m', { ...files, 'model.yaml': 'file: small.onnx' });
    expect((await read('m')).versions[0]?.entry).toMatch(/small\.onnx$/);
    await write('m', { 'model.yaml': 'runtime: tfjs' });
    expect((await read('m')).versions[0]?.engine).toBe('tfjs');
    await write('m', { 'model.yaml': 'file: large.onnx' });
    expect(await problemOf('m')).toContain('model.yaml names the file "large.onnx"');
    await write('m', { 'model.yaml': 'file: weights.bin', '1/weights.bin': 'x' });
    expect(await problemOf('m')).toContain('"weights.bin" must end in .onnx, .ort, .json or .pb');
  });
});

describe('Hugging Face folders', () => {
  const export_ = (config: object, more: Record<string, string> = {}) =>
    write('hf', {
      'model.onnx': 'x',
      'tokenizer.json': '{}',
      'config.json': JSON.stringify(config),
      ...more,
    });
  const id2label = { 0: 'NO', 1: 'YES' };

  it.each([
    [
      { architectures: ['BertForSequenceClassification'], id2label },
      { kind: 'classification', activation: 'softmax' },
    ],
    [
      {
        architectures: ['BertForSequenceClassification'],
        problem_type: 'multi_label_classification',
        id2label,
      },
      { kind: 'multi-label', activation: 'sigmoid', threshold: 0.5 },
    ],
    [
      { architectures: ['BertForSequenceClassification'], id2label: { 0: 'LABEL_0' } },
      { kind: 'regression' },
    ],
    [{ architectures: ['BertModel'] }, { kind: 'embedding', normalize: false }],
    [{ architectures: ['BertForTokenClassification'], id2label }, { kind: 'tensors' }],
  ])('%j', async (config, output) => {
    await export_(config);
    const { manifest, versions, inferred } = await read('hf');
    expect(manifest?.input).toMatchObject({ kind: 'text', encoding: 'tokenizer' });
    expect(manifest?.output).toEqual(output);
    expect(inferred).toEqual({ input: true, output: true });
    const hasLabels = manifest?.output.kind.includes('l') && 'id2label' in config;
    const wantsLabels = ['classification', 'multi-label'].includes(manifest!.output.kind);
    expect(versions[0]?.labels).toEqual(hasLabels && wantsLabels ? ['NO', 'YES'] : null);
    expect(versions[0]?.assets).toMatchObject({
      tokenizer: path.join(root, 'hf/tokenizer.json'),
      tokenizerConfig: null,
    });
  });

  it('reads how sentence-transformers pools', async () => {
    await export_(
      { architectures: ['BertModel'] },
      {
        'modules.json': JSON.stringify([
          { type: 'sentence_transformers.models.Pooling' },
          { type: 'sentence_transformers.models.Normalize' },
        ]),
        '1_Pooling/config.json': JSON.stringify({
          pooling_mode_cls_token: true,
          pooling_mode_mean_tokens: false,
        }),
      },
    );
    expect((await read('hf')).manifest?.output).toEqual({
      kind: 'embedding',
      pooling: 'cls',
      normalize: true,
    });
  });

  it('lets model.yaml overrule a section and keep the rest', async () => {
    await export_(
      { architectures: ['BertForSequenceClassification'], id2label },
      { 'model.yaml': 'input: { kind: text, maxTokens: 64 }' },
    );
    const { manifest, inferred } = await read('hf');
    expect(manifest?.input).toMatchObject({ encoding: 'tokenizer', maxTokens: 64 });
    expect(manifest?.output.kind).toBe('classification');
    expect(inferred).toEqual({ input: false, output: true });
  });

  it('says what is wrong with config.json', async () => {
    await export_({ id2label: { 0: 'NO', 2: 'YES' } });
    expect(await problemOf('hf')).toBe(
      'config.json, id2label: expected a label for each class from 0 on',
    );
    await write('hf', { 'config.json': '{' });
    expect(await problemOf('hf')).toBe('config.json is not valid JSON');
  });

  it('leaves alone a config.json that is none of Hugging Face', async () => {
    await write('own', { '1/model.onnx': 'x', 'config.json': '[1]' });
    expect((await read('own')).problem).toBeNull();
  });
});

describe('labels', () => {
  const output = 'output: { kind: classification }';

  it('are those of the manifest, else of a file of the version, else of the model', async () => {
    await write('m', {
      '1/model.onnx': 'x',
      'model.yaml': output,
      'labels.txt': '\uFEFFa\r\nb\r\n\n',
    });
    const labels = async () => (await read('m')).versions[0]?.labels;
    expect(await labels()).toEqual(['a', 'b']);
    await write('m', { '1/labels.txt': 'c\nd' });
    expect(await labels()).toEqual(['c', 'd']);
    await write('m', { 'model.yaml': 'output: { kind: classification, labels: [e] }' });
    expect(await labels()).toEqual(['e']);
  });

  it.each([
    ['a\n\nb', 'labels.txt, line 2: expected a label'],
    ['a\nb\na', 'labels.txt, line 3: the label "a" appears twice'],
  ])('%j', async (text, problem) => {
    await write('m', { '1/model.onnx': 'x', 'model.yaml': output, 'labels.txt': text });
    expect(await problemOf('m')).toBe(problem);
  });

  it.each([
    ['names.txt', 'model.yaml, output.labels: there is no file "names.txt"'],
    ['../names.txt', 'model.yaml, output.labels: "../names.txt" must be the name of a file'],
  ])('%s', async (file, problem) => {
    const yaml = `output: { kind: classification, labels: ${file} }`;
    await write('m', { '1/model.onnx': 'x', 'model.yaml': yaml });
    expect(await problemOf('m')).toContain(problem);
  });
});

describe('examples', () => {
  const yaml = (image: string) =>
    `input: { kind: image }\nexamples: [{ input: { image: '${image}' } }]`;
  const image = async () => (await read('m')).manifest?.examples[0]?.input.image;

  it('may name an image of the folder, which becomes a data URL', async () => {
    await write('m', {
      '1/model.onnx': 'x',
      'model.yaml': yaml('examples/a.PNG'),
      'examples/a.PNG': 'hi',
    });
    expect(await image()).toBe('data:image/png;base64,aGk=');
    await write('m', { 'model.yaml': yaml('data:image/webp;base64,aGk=') });
    expect(await image()).toBe('data:image/webp;base64,aGk=');
    await write('m', { 'model.yaml': yaml('iVBORw0KGgo=') });
    expect(await image()).toBe('iVBORw0KGgo=');
  });

  it('must not be missing, large, or outside the folder, by a link either', async () => {
    const key = 'model.yaml, examples.0.input.image';
    await write('m', { '1/model.onnx': 'x', 'model.yaml': yaml('b.png') });
    expect(await problemOf('m')).toBe(`${key}: there is no file "b.png"`);
    await write('m', { 'b.png': new Uint8Array(65_537) });
    expect(await problemOf('m')).toBe(`${key}: "b.png" has 65537 bytes; at most 65536 are allowed`);
    await write('other', { 'secret.png': 'x' });
    await write('m', { 'model.yaml': yaml('../other/secret.png') });
    expect(await problemOf('m')).toContain("leads out of the model's folder");
    await symlink(path.join(root, 'other/secret.png'), path.join(root, 'm/link.png'));
    await write('m', { 'model.yaml': yaml('link.png') });
    expect(await problemOf('m')).toContain("leads out of the model's folder");
  });
});

describe('a broken model is described, and the others are read', () => {
  it('says what is wrong', async () => {
    await write('empty', { 'README.md': 'x' });
    await write('bad-yaml', { '1/model.onnx': 'x', 'model.yaml': 'a: [' });
    await write('bad-key', { '1/model.onnx': 'x', 'model.yaml': 'inputs: {}' });
    await write('half', { '1/model.onnx': 'x', '2/notes.txt': 'x' });
    await write('good', { '1/model.onnx': 'x' });
    const folders = await new ModelRepository(root).scan();
    expect(folders.map(({ name, versions }) => [name, versions.length])).toEqual([
      ['bad-key', 0],
      ['bad-yaml', 0],
      ['empty', 0],
      ['good', 1],
      ['half', 1],
    ]);
    expect(await problemOf('empty')).toBe(
      'no model found: expected model.onnx or onnx/model.onnx or model.json or saved_model.pb here or in a folder such as 1/',
    );
    expect(await problemOf('bad-yaml')).toMatch(/^model\.yaml is not valid YAML: /);
    expect(await problemOf('bad-key')).toContain('unknown key "inputs"');
    expect(folders[4]?.broken).toEqual([
      {
        version: '2',
        problem:
          'version 2 holds no model: expected model.onnx or onnx/model.onnx or model.json or saved_model.pb',
      },
    ]);
    expect(await problemOf('missing')).toBe('missing cannot be read (ENOENT)');
    expect(await problemOf('../x')).toBe('the name of the folder is not allowed');
  });

  it('says that a file cannot be read', async () => {
    await write('m', { '1/model.onnx': 'x', 'model.yaml': '' });
    await rm(path.join(root, 'm/model.yaml'));
    await mkdir(path.join(root, 'm/model.yaml'));
    expect(await problemOf('m')).toBe('model.yaml cannot be read (EISDIR)');
    await chmod(path.join(root, 'm'), 0o755);
  });

  it('throws only when the folder of models cannot be read', async () => {
    await expect(new ModelRepository(path.join(root, 'none')).scan()).rejects.toThrow('ENOENT');
  });
});

describe('digests', () => {
  const digest = async () => (await read('m')).versions[0]?.digest;

  it('change with the weights, the labels and the encoding, not with the rest', async () => {
    await write('m', { '1/model.onnx': 'x', 'model.yaml': 'description: one' });
    const first = await digest();
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    await write('m', { 'README.md': 'x', 'train.py': 'x', 'model.yaml': 'description: two' });
    expect(await digest()).toBe(first);
    const seen = new Set([first]);
    const changes: Record<string, string>[] = [
      { '1/model.onnx': 'y' },
      { '1/model.onnx_data': 'weights' },
      { 'labels.txt': 'a\nb' },
      { 'model.yaml': 'output: { kind: classification }' },
      { 'model.yaml': 'options: { intraOpThreads: 2 }' },
      { 'tokenizer.json': '{}', 'model.yaml': 'input: { kind: tensors }' },
    ];
    for (const change of changes) {
      await write('m', change);
      seen.add(await digest());
    }
    expect(seen.size).toBe(changes.length + 1);
  });

  it('do not depend on where the folder stands', async () => {
    await write('m', { '1/model.onnx': 'x', 'tokenizer.json': '{}' });
    await cp(path.join(root, 'm'), path.join(root, 'elsewhere'), { recursive: true });
    expect((await read('elsewhere')).versions[0]?.digest).toBe(await digest());
  });
});

describe('folders that are not what they seem', () => {
  it('are told when their name is not allowed, but for those of tools', async () => {
    for (const name of ['good', 'bad name', 'größe', '.git', '_old', '@eaDir', 'lost+found']) {
      await write(name, { '1/model.onnx': 'x' });
    }
    const repository = new ModelRepository(root);
    expect((await repository.scan()).map(({ name }) => name)).toEqual(['good']);
    expect([...repository.ignored.keys()].sort()).toEqual(['bad name', 'größe']);
    await rm(path.join(root, 'bad name'), { recursive: true });
    expect(await repository.find('bad name')).toBeUndefined();
    expect([...repository.ignored.keys()]).toEqual(['größe']);
    expect(await repository.find('../good')).toBeUndefined();
  });

  it('are refused where a link leads out of the model, each version for itself', async () => {
    await write('other', { '1/model.onnx': 'x', 'labels.txt': 'secret' });
    await write('m', { '1/model.onnx': 'x', '2/readme.md': 'x' });
    await symlink(path.join(root, 'other/1/model.onnx'), path.join(root, 'm/2/model.onnx'));
    const folder = await read('m');
    expect(folder.versions.map(({ version }) => version)).toEqual(['1']);
    expect(await problemOf('m')).toBe(
      `"2/model.onnx" is a symbolic link that leads out of the model's folder; copy the file instead`,
    );
    await symlink('../other/1', path.join(root, 'm/3'));
    expect((await read('m')).broken).toHaveLength(2);
    await symlink('../other/labels.txt', path.join(root, 'm/labels.txt'));
    expect((await read('m')).versions).toEqual([]);
    expect(await problemOf('m')).toContain('"labels.txt" is a symbolic link');
  });

  it('may be links, and hold links to what is theirs', async () => {
    await write('.store/revision', { '1/model.onnx': 'x', 'labels.txt': 'a' });
    await symlink('.store', path.join(root, 'mounted'));
    await symlink('revision', path.join(root, '.store/..data'));
    for (const name of ['1', 'labels.txt']) {
      await symlink(path.join('..data', name), path.join(root, '.store', name));
    }
    const folder = await read('mounted');
    expect(folder.problem).toBeNull();
    expect(folder.versions).toMatchObject([{ version: '1', labels: ['a'] }]);
  });
});
