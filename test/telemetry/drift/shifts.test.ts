import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelInput } from '../../../src/services/model-input.ts';
import type { ReferenceRow } from '../../../src/telemetry/drift/build-profile.ts';
import type { Profile } from '../../../src/telemetry/drift/profile.ts';
import { DriftRuns, parts } from '../../support/drift-runs.ts';

const FIXTURES = 'test/fixtures/drift';

/** Most of a hundred runs of unchanged traffic that may tell drift. */
const FALSE_ALARMS = 5;

describe('penguins', () => {
  let model: DriftRuns;
  let profile: Profile;
  let held: Record<string, unknown>[];
  const rows = readFileSync(`${FIXTURES}/penguins.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { input: { features: Record<string, unknown> } }).input);
  beforeAll(async () => {
    model = await DriftRuns.open('penguins');
    const [known, unknown] = parts(rows, 0.8);
    held = unknown.map(({ features }) => features);
    profile = model.profile(await model.ask(known));
  });
  afterAll(() => model.close());

  it('are unchanged where they are drawn from penguins that the reference lacks', async () => {
    const pool = await model.ask(held.map((features) => ({ features })));
    expect(model.run(profile, pool).alerted).toBeLessThanOrEqual(FALSE_ALARMS);
  });

  it('in kilograms are found, by their weight', async () => {
    const pool = await model.ask(
      held.map((features) => ({
        features: {
          ...features,
          body_mass_g: features.body_mass_g === null ? null : Number(features.body_mass_g) / 1000,
        },
      })),
    );
    const { alerted, latest, columns } = model.run(profile, pool);
    expect({ alerted, isInTime: latest <= 500 }).toEqual({ alerted: 100, isInTime: true });
    expect(columns).toContain('body_mass_g');
  });

  it.each(['Biscoe', 'Dream', 'Torgersen'])('of %s only are found', async (island) => {
    const pool = await model.ask(rows.filter(({ features }) => features.island === island));
    const { alerted, columns } = model.run(profile, pool);
    expect(alerted).toBe(100);
    expect(columns).toContain('island');
  });
});

describe('banking questions', () => {
  let model: DriftRuns;
  let profile: Profile;
  let held: { text: string; category: string }[];
  const rows = parse(readFileSync(`${FIXTURES}/banking77.csv`), { columns: true });
  const all = rows as unknown as { text: string; category: string }[];
  const ask = (texts: readonly string[]) => model.ask(texts.map((text) => ({ text })));
  beforeAll(async () => {
    model = await DriftRuns.open('banking77');
    const [known, unknown] = parts(all, 0.6);
    held = unknown;
    profile = model.profile(await ask(known.map(({ text }) => text)));
  });
  afterAll(() => model.close());

  it('are unchanged where others of their kind are asked', async () => {
    const pool = await ask(held.map(({ text }) => text));
    expect(model.run(profile, pool).alerted).toBeLessThanOrEqual(FALSE_ALARMS);
  });

  it('of five intents only are found, by what is predicted', async () => {
    const five = new Set([...new Set(all.map(({ category }) => category))].slice(0, 5));
    const pool = await ask(all.filter(({ category }) => five.has(category)).map((row) => row.text));
    const { alerted, columns } = model.run(profile, pool);
    expect(alerted).toBe(100);
    expect(columns).toContain('prediction.label');
  });

  it('in another language are found, by their words', async () => {
    const pool = await ask([
      '¿Dónde está mi tarjeta?',
      'Todavía estoy esperando mi tarjeta nueva',
      '¿Por qué me cobraron una comisión por sacar dinero?',
      'He perdido mi teléfono, ¿qué debo hacer?',
      'El cajero automático se ha tragado mi tarjeta',
      '¿Cuál es el tipo de cambio que usan?',
      'Mi transferencia ha sido rechazada',
      'No recuerdo mi PIN y necesito cambiarlo',
    ]);
    const { alerted, columns } = model.run(profile, pool);
    expect(alerted).toBe(100);
    expect(columns).toContain('text.unknown_words');
  });
});

describe('digits', () => {
  let model: DriftRuns;
  let profile: Profile;
  let held: number[][];
  const rows = readFileSync(`${FIXTURES}/digits.csv`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(',').slice(0, 64))
    .map((pixels) => pixels.map((value) => Math.round((Number(value) / 16) * 255)));
  const png = async (pixels: readonly number[], factor: number): Promise<ModelInput> => {
    const raw = { width: 8, height: 8, channels: 1 } as const;
    const side = 8 * factor;
    const file = await sharp(Buffer.from(pixels), { raw })
      .resize(side, side, { kernel: 'nearest' })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    return { image: `data:image/png;base64,${file.toString('base64')}` };
  };
  const ask = async (digits: readonly number[][], factor = 1): Promise<ReferenceRow[]> =>
    model.ask(await Promise.all(digits.map((pixels) => png(pixels, factor))), String(factor));
  beforeAll(async () => {
    model = await DriftRuns.open('digits');
    const [known, unknown] = parts(rows, 0.6);
    held = unknown;
    const reference = [...(await ask(known)), ...(await ask(known, 16))];
    profile = model.profile(reference, ['image.width', 'image.height']);
  });
  afterAll(() => model.close());

  it.each([1, 8, 16])('are unchanged at %i times their size', async (factor) => {
    const { alerted } = model.run(profile, await ask(held, factor));
    expect(alerted).toBeLessThanOrEqual(FALSE_ALARMS);
  });

  const shift = (dx: number, dy: number) => (pixels: readonly number[]) =>
    pixels.map((_, i) => {
      const [x, y] = [(i % 8) - dx, Math.floor(i / 8) - dy];
      return x < 0 || y < 0 || x > 7 || y > 7 ? 0 : (pixels[y * 8 + x] ?? 0);
    });

  it.each<[string, (pixels: readonly number[]) => number[]]>([
    ['inverted', (pixels) => pixels.map((value) => 255 - value)],
    ['brightened by 40', (pixels) => pixels.map((value) => Math.min(255, value + 40))],
    ['brightened by half', (pixels) => pixels.map((value) => Math.min(255, value * 1.5))],
    ['shifted by a pixel', shift(1, 0)],
    ['shifted by two pixels', shift(2, 1)],
  ])('%s are found', async (_name, change) => {
    const { alerted, latest } = model.run(profile, await ask(held.map(change)));
    expect({ alerted, isInTime: latest <= 500 }).toEqual({ alerted: 100, isInTime: true });
  });
});
