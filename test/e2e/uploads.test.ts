import { execFile as execFileWithCallback } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chunk, header, pngFile } from '../codecs/image/png-file.ts';
import { type RestBody, type RunningApp, runApp } from '../support/running-app.ts';

const execFile = promisify(execFileWithCallback);

const EIGHT = 'models/digits/examples/eight.png';
const FIVE = 'models/digits/examples/five.png';

describe('images sent by curl', { timeout: 60_000 }, () => {
  let app: RunningApp;
  let folder: string;
  beforeAll(async () => {
    app = await runApp({ defaultModel: 'digits' });
    folder = await mkdtemp(path.join(os.tmpdir(), 'uploads-'));
  });
  afterAll(async () => {
    await app.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const curl = async (route: string, ...options: readonly string[]): Promise<RestBody> => {
    const { stdout } = await execFile('curl', ['-sS', `${app.url}${route}`, ...options]);
    return JSON.parse(stdout) as RestBody;
  };
  const file = async (name: string, bytes: Buffer): Promise<string> => {
    const at = path.join(folder, name);
    await writeFile(at, bytes);
    return at;
  };

  it('predicts a file of a form', async () => {
    const answer = await curl('/predict', '-F', `image=@${EIGHT}`);
    expect(answer).toMatchObject({ prediction: '8', model: 'digits' });
  });

  it('predicts an image that is the body', async () => {
    const png = ['-H', 'Content-Type: image/png', '--data-binary'] as const;
    expect(await curl('/predict', ...png, `@${FIVE}`)).toMatchObject({ prediction: '5' });
    expect(await curl('/predict?model=digits', ...png, `@${EIGHT}`)).toMatchObject({
      prediction: '8',
    });
  });

  it('predicts several files in their order, a bad one among them', async () => {
    const text = await file('not-an-image.png', Buffer.from('a text'));
    const { results } = await curl(
      '/predict/batch',
      ...['-F', `image=@${EIGHT}`, '-F', `image=@${text}`, '-F', `image=@${FIVE}`],
      ...['-F', 'model=digits'],
    );
    expect(results).toMatchObject([
      { prediction: '8' },
      { error: { code: 'BAD_USER_INPUT', message: expect.stringContaining('PNG') as string } },
      { prediction: '5' },
    ]);
  });

  it('gives the answer, and the place in the cache, of the same image in base64', async () => {
    const image = (await readFile(FIVE)).toString('base64');
    const before = await app.post('/predict', { input: { image }, options: { cache: 'refresh' } });
    const after = await curl('/predict', '-F', `image=@${FIVE}`);
    expect(after).toMatchObject({
      prediction: before.body.prediction,
      confidence: before.body.confidence,
      cached: true,
    });
  });

  it('goes by what a file is, whatever type is declared', async () => {
    const png = await readFile(FIVE);
    const jpeg = await file('five', await sharp(png).jpeg().toBuffer());
    const webp = await file('five.txt', await sharp(png).webp().toBuffer());
    for (const form of [`image=@${jpeg};type=text/plain`, `image=@${webp};type=image/png`]) {
      expect(await curl('/predict', '-F', form)).toMatchObject({ prediction: '5' });
    }
  });

  it('refuses an image of 100,000 by 100,000 pixels', async () => {
    const huge = await file(
      'huge.png',
      pngFile(header(100_000, 100_000), chunk('IDAT', Buffer.of(0)), chunk('IEND')),
    );
    const { error } = await curl('/predict', '-F', `image=@${huge}`);
    expect(error).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(error.message).toContain('too many pixels');
  });

  it('tells who sends an image to a model that takes none', async () => {
    const { error } = await curl('/predict', '-F', `image=@${FIVE}`, '-F', 'model=banking77');
    expect(error).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(error.message).toContain('text');
    const unknown = await curl('/predict', '-F', `image=@${FIVE}`, '-F', 'model=nope');
    expect(unknown.error).toMatchObject({ code: 'MODEL_NOT_FOUND' });
  });

  it('tells who forgets the type how to send an image', async () => {
    const { error } = await curl('/predict', '--data-binary', `@${FIVE}`);
    expect(error).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE' });
    expect(error.message).toContain('image/*');
  });
});
