import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { create } from 'tar';
import { afterEach, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../support/sources/json-server.ts';
import { tarOf } from '../../support/sources/tar.ts';
import { SyncFixture } from './open-sync.ts';

describe('models of an archive', () => {
  const fixture = new SyncFixture();
  const servers: TestServer[] = [];
  afterEach(async () => {
    await fixture.close();
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  async function serve(archive: Buffer, headers: Record<string, string> = {}) {
    const state = { archive, headers, full: 0 };
    const server = await startServer((_url, request, response) => {
      const etag = `"${createHash('md5').update(state.archive).digest('hex')}"`;
      if (request.headers['if-none-match'] === etag) return response.writeHead(304).end();
      state.full++;
      response.writeHead(200, { etag, ...state.headers }).end(state.archive);
    });
    servers.push(server);
    return { url: `${server.url}/pack.tar.gz`, state };
  }

  const GOOD = gzipSync(
    tarOf([
      { path: 'a/1/model.onnx', content: 'a1' },
      { path: 'a/model.yaml', content: 'description: a' },
      { path: './b/model.onnx', content: 'b' },
      { path: '._junk', content: 'x' },
    ]),
  );

  it('are each a folder, and fetched again only when the archive changes', async () => {
    const { url, state } = await serve(GOOD);
    const { sync, files, directory } = await fixture.open({ MODELS_URL: url });
    await sync.start();
    expect(sync.problems()).toEqual([]);
    expect(await files()).toEqual({
      'a/1/model.onnx': 'a1',
      'a/model.yaml': 'description: a',
      'b/model.onnx': 'b',
    });
    await sync.look();
    await sync.close();
    const again = await fixture.open({ MODELS_URL: url, STATE_DIR: directory });
    await again.sync.start();
    expect(state.full).toBe(1);
    state.archive = gzipSync(tarOf([{ path: 'a/2/model.onnx', content: 'a2' }]));
    await again.sync.look();
    expect(await again.files()).toEqual({ 'a/2/model.onnx': 'a2' });
  });

  it.each([
    ['pack', [{ path: 'model.onnx', content: 'm' }], 'pack/model.onnx'],
    ['pack', [{ path: '3/model.onnx', content: 'm' }], 'pack/3/model.onnx'],
    ['a folder around', [{ path: 'all/x/model.onnx', content: 'm' }], 'x/model.onnx'],
    ['a folder', [{ path: 'x/1/model.onnx', content: 'm' }], 'x/1/model.onnx'],
  ])('are found where %s is packed', async (_name, entries, file) => {
    const { url } = await serve(gzipSync(tarOf(entries)));
    const { sync, files } = await fixture.open({ MODELS_URL: url });
    await sync.start();
    expect(Object.keys(await files())).toEqual([file]);
  });

  const digest = createHash('sha256').update(GOOD).digest('hex');

  it('are checked by the digest of the address', async () => {
    const { url } = await serve(GOOD);
    const good = await fixture.open({ MODELS_URL: `${url}#sha256=${digest}` });
    await good.sync.start();
    expect(good.sync.problems()).toEqual([]);
    const bad = await fixture.open({ MODELS_URL: `${url}#sha256=${digest.replace(/./g, 'a')}` });
    await bad.sync.start();
    expect(bad.sync.problems()[0]).toContain('another SHA-256 digest');
    expect(await bad.files()).toEqual({});
  });

  it('are checked by the digest of the answer', async () => {
    const wrong = createHash('sha256').update('x').digest('base64');
    const { url } = await serve(GOOD, { 'repr-digest': `sha-256=:${wrong}:` });
    const { sync, files } = await fixture.open({ MODELS_URL: url });
    await sync.start();
    expect(sync.problems()[0]).toContain('another SHA-256 digest');
    expect(await files()).toEqual({});
  });

  it.each([
    [
      'a symbolic link',
      [{ path: 'a/model.onnx', type: 'SymbolicLink', linkpath: '/etc/passwd' }],
      'is a link',
    ],
    ['a hard link', [{ path: 'a/x', type: 'Link', linkpath: '../../x' }], 'is a link'],
    ['a device', [{ path: 'a/x', type: 'CharacterDevice' }], 'neither a file nor a folder'],
    ['a name that climbs', [{ path: 'a/../../x', content: 'x' }], 'leads out of its folder'],
    ['an absolute name', [{ path: '/etc/cron.d/x', content: 'x' }], 'is an absolute path'],
    [
      'the same file twice',
      [
        { path: 'a/model.onnx', content: 'x' },
        { path: 'a/model.onnx', content: 'y' },
      ],
      'in the archive twice',
    ],
    [
      'a link that a file is written through',
      [
        { path: 'a', type: 'SymbolicLink', linkpath: '/tmp' },
        { path: 'a/x', content: 'x' },
      ],
      'is a link',
    ],
  ])('with %s are refused as a whole', async (_name, entries, problem) => {
    const all = [{ path: 'good/model.onnx', content: 'g' }, ...entries];
    const { url } = await serve(gzipSync(tarOf(all)));
    const { sync, files, directory } = await fixture.open({ MODELS_URL: url });
    await sync.start();
    expect(sync.problems()[0]).toContain(problem);
    expect(await files()).toEqual({});
    expect(await readdir(path.join(directory, 'staging'))).toEqual([]);
  });

  it('that expand a thousandfold are refused, without filling the disk', async () => {
    const bomb = gzipSync(tarOf([{ path: 'a/model.onnx', content: Buffer.alloc(100 * 2 ** 20) }]), {
      level: 9,
    });
    expect(bomb.byteLength).toBeLessThan(200_000);
    const { url } = await serve(bomb);
    const { sync, files } = await fixture.open({ MODELS_URL: url });
    await sync.start();
    expect(sync.problems()[0]).toContain('expands more than 100 times');
    expect(await files()).toEqual({});
  });

  it('that need more than the disk may hold are refused while they are unpacked', async () => {
    const noise = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * i * 31) % 251));
    const { url } = await serve(gzipSync(tarOf([{ path: 'a/model.onnx', content: noise }])));
    const { sync } = await fixture.open({ MODELS_URL: url, MODELS_MAX_BYTES: '100KB' });
    await sync.start();
    expect(sync.problems()[0]).toContain('MODELS_MAX_BYTES');
  });

  it.each([
    ['that are no gzip', Buffer.from('hello, this is no archive'), 'is not a .tar.gz archive'],
    ['that are cut short', GOOD.subarray(0, GOOD.byteLength - 30), 'is damaged'],
    ['that hold no tar', gzipSync(Buffer.alloc(2048, 'x')), 'is damaged'],
  ])('%s are refused', async (_name, archive, problem) => {
    const { url } = await serve(archive);
    const { sync, files } = await fixture.open({ MODELS_URL: url });
    await sync.start();
    expect(sync.problems()[0]).toContain(problem);
    expect(await files()).toEqual({});
  });

  it('as tar writes them come from the disk too', async () => {
    const folder = await fixture.folder();
    await mkdir(path.join(folder, 'in/m/1'), { recursive: true });
    await writeFile(path.join(folder, 'in/m/1/model.onnx'), 'm');
    execFileSync('tar', [
      '-czf',
      path.join(folder, 'm.tar.gz'),
      '-C',
      path.join(folder, 'in'),
      '.',
    ]);
    const { sync, files } = await fixture.open({ MODELS_URL: path.join(folder, 'm.tar.gz') });
    await sync.start();
    expect(await files()).toEqual({ 'm/1/model.onnx': 'm' });
    await create({ gzip: true, file: path.join(folder, 'n.tgz'), cwd: path.join(folder, 'in') }, [
      'm',
    ]);
    const other = await fixture.open({ MODELS_URL: `file://${folder}/n.tgz` });
    await other.sync.start();
    expect(await other.files()).toEqual({ 'm/1/model.onnx': 'm' });
  });

  it('of a folder are copied, links within it followed, those that lead out refused', async () => {
    const folder = await fixture.folder();
    await mkdir(path.join(folder, '..data/m/1'), { recursive: true });
    await writeFile(path.join(folder, '..data/m/1/model.onnx'), 'm');
    await symlink('..data/m', path.join(folder, 'm'));
    const { sync, files } = await fixture.open({ MODELS_URL: folder });
    await sync.start();
    expect(await files()).toEqual({ 'm/1/model.onnx': 'm' });
    await symlink('/etc', path.join(folder, 'n'));
    await sync.look();
    expect(sync.problems()[0]).toContain('n is a link that leads out of the folder');
    expect(await files()).toEqual({ 'm/1/model.onnx': 'm' });
  });
});
