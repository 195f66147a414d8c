import { z } from 'zod';
import { section } from './section.ts';

/** What may be recorded of the model's predictions, where `CAPTURE` is on. */
export const captureSection = section({
  /** Whether its predictions are recorded at all. @default true */
  enabled: z.boolean().default(true),
  /** Share of predictions that are recorded, 0 to 1. @default CAPTURE_SAMPLE_RATE */
  sampleRate: z.number().min(0).max(1).optional(),
  /** Whether inputs are recorded too. @default false */
  inputs: z.boolean().default(false),
  /** What is left out of recorded inputs. */
  redact: section({
    /** Columns whose values are never recorded. */
    columns: z.array(z.string().min(1).max(256)).max(10_000).default([]),
    /** What is replaced in texts: addresses of e-mail, and numbers of four digits and more. */
    patterns: z
      .array(z.enum(['email', 'number']))
      .max(2)
      .default(['email', 'number']),
  }).prefault({}),
});

/** What may be recorded of a model. */
export type CaptureManifest = z.infer<typeof captureSection>;
