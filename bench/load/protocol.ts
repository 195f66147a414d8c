import type { Measurement } from '../measurement.ts';
import type { BodySpec } from './bodies.ts';

/** A job for the load process. */
export interface LoadJob {
  /** `flood`: as much as the connections carry. `lone`: one request after the other. */
  readonly kind: 'flood' | 'lone';
  /** Full address of the endpoint. */
  readonly url: string;
  readonly body: BodySpec;
  /** Headers besides the media type. @default none */
  readonly headers?: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly seconds: number;
  /** Makes the inputs of this measurement unlike those of any other. */
  readonly seed: number;
}

/** Answer of the load process. */
export type LoadAnswer =
  | { readonly ok: true; readonly measurement: Measurement }
  | { readonly ok: false; readonly message: string };
