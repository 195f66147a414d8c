import type { Signature, TensorMap } from '../tensor/tensor.ts';
import type { EngineStats, LoadSpec } from './engine.ts';

/** Which model of a worker a message is of; left out where the worker has only one. */
interface Addressed {
  readonly tenant?: number;
}

/** Messages from the server to a worker. */
export type ToWorker = Addressed & ToModel;

type ToModel =
  | { readonly kind: 'load'; readonly spec: LoadSpec }
  | {
      readonly kind: 'run';
      readonly id: number;
      readonly inputs: TensorMap;
      readonly outputs: readonly string[];
    }
  | { readonly kind: 'stats'; readonly id: number }
  /** Frees the model; others that the worker holds stay. */
  | { readonly kind: 'unload' }
  /** Ends a thread once it is out of native code. */
  | { readonly kind: 'end' };

/** Messages from a worker to the server. */
export type FromWorker = Addressed & FromModel;

type FromModel =
  | {
      readonly kind: 'loaded';
      readonly signature: Signature;
      readonly backend: string;
      readonly loadMs: number;
    }
  | { readonly kind: 'load-failed'; readonly message: string }
  | {
      readonly kind: 'result';
      readonly id: number;
      readonly outputs: TensorMap;
      /** Time inside the engine, in milliseconds. */
      readonly inferenceMs: number;
    }
  /** A run told something of the model that its operator should know. */
  | { readonly kind: 'notice'; readonly message: string; readonly backend: string }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
  | { readonly kind: 'unloaded' }
  | { readonly kind: 'stats'; readonly id: number; readonly stats: EngineStats };

/** Buffers of a tensor map that can be moved instead of copied. */
export function transferables(tensors: TensorMap): ArrayBuffer[] {
  const buffers: ArrayBuffer[] = [];
  for (const { data } of Object.values(tensors)) {
    if (Array.isArray(data)) continue;
    // A view on part of a shared pool must be copied: moving it would detach its neighbours.
    if (data.byteLength === data.buffer.byteLength && data.buffer instanceof ArrayBuffer) {
      buffers.push(data.buffer);
    }
  }
  return buffers;
}
