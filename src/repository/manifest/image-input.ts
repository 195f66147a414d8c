import { z } from 'zod';
import { section, tensorName } from './section.ts';

const perChannel = z.union(
  [z.number(), z.array(z.number()).min(1).max(3)],
  'expected a number, or a list of one number for each channel',
);

const nonZero = perChannel.refine((value) => [value].flat().every((each) => each !== 0), {
  message: 'must not be 0',
});

const size = z.int().min(1).max(8192);

/** A PNG, JPEG or WebP file as a tensor of pixels. */
export const imageInput = section({
  kind: z.literal('image'),
  /** Input of the model. @default the only input */
  tensor: tensorName.optional(),
  /** Pixels; needed where the signature leaves them open. @default from the signature */
  width: size.optional(),
  height: size.optional(),
  /** 1 for grey, 3 for colour. @default from the signature */
  channels: z.union([z.literal(1), z.literal(3)], 'expected 1 or 3').optional(),
  /** Order of the tensor's axes. @default from the signature */
  layout: z.enum(['NCHW', 'NHWC']).optional(),
  /** Order of the channels. @default RGB */
  channelOrder: z.enum(['RGB', 'BGR']).default('RGB'),
  /** How other proportions fit: stretched, cut, or with borders of `background`. @default fill */
  fit: z.enum(['fill', 'cover', 'contain']).default('fill'),
  /** How pixels are interpolated; `linear` is torchvision's default. @default linear */
  interpolation: z.enum(['nearest', 'linear', 'cubic', 'lanczos3']).default('linear'),
  /** Colour under transparent pixels and of borders, `#rrggbb`. @default #000000 */
  background: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, 'expected a colour such as "#ffffff"')
    .default('#000000'),
  /** Factor on pixels of 0..255. @default 1/255 for floating point, 1 for UINT8 */
  scale: z.number().optional(),
  /** Taken from scaled pixels. @default 0 */
  mean: perChannel.optional(),
  /** What scaled pixels less the mean are divided by. @default 1 */
  std: nonZero.optional(),
  /** Largest file, in bytes. @default 10485760 */
  maxBytes: z
    .int()
    .min(1)
    .max(2 ** 30)
    .default(10 * 2 ** 20),
  /** Most pixels of a file, before it is scaled. @default 25000000 */
  maxPixels: z.int().min(1).max(1_000_000_000).default(25_000_000),
});
