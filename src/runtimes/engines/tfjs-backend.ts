import { createRequire } from 'node:module';
import path from 'node:path';
import util from 'node:util';
import type * as Core from '@tensorflow/tfjs-core';
import type * as Converter from '@tensorflow/tfjs-converter';
import type * as Layers from '@tensorflow/tfjs-layers';

/** Which backend to use; `auto`: native TensorFlow where it loads, else WebAssembly. */
export type TfjsBackend = 'auto' | 'native' | 'wasm' | 'cpu';

/** The part of `@tensorflow/tfjs-node` that reads SavedModels. */
interface NodeExtras {
  getMetaGraphsFromSavedModel(
    folder: string,
  ): Promise<{ signatureDefs: Record<string, { inputs: unknown; outputs: unknown }> }[]>;
  loadSavedModel(folder: string): Promise<Core.InferenceModel & { dispose(): void }>;
}

/** The TensorFlow.js API, whichever package provides it. */
export type TfjsLibrary = typeof Core &
  Pick<typeof Converter, 'loadGraphModel'> &
  Pick<typeof Layers, 'loadLayersModel'> & { readonly node?: NodeExtras };

const require = createRequire(import.meta.url);

/**
 * Loads TensorFlow.js with the wanted backend.
 *
 * @param wanted `auto` prefers native TensorFlow and falls back to WebAssembly
 * @throws {Error} when `native` is wanted and cannot be loaded
 */
export async function loadTfjsBackend(
  wanted: TfjsBackend = 'auto',
): Promise<{ tf: TfjsLibrary; backend: string }> {
  if (wanted === 'auto' || wanted === 'native') {
    const native = loadNative();
    if (native.tf) return { tf: native.tf, backend: 'tensorflow' };
    if (wanted === 'native') {
      throw new Error(
        `native TensorFlow could not be loaded (@tensorflow/tfjs-node): ${native.why}`,
      );
    }
  }
  const tf = await loadPlain();
  if (wanted === 'cpu') await usePlainBackend(tf);
  else await useWasm(tf);
  return { tf, backend: wanted === 'cpu' ? 'cpu' : 'wasm' };
}

/** Lets all that follows run on the backend in plain JavaScript, which has every kernel. */
export async function usePlainBackend(tf: TfjsLibrary): Promise<void> {
  // The library would advertise its native package on the server's console.
  tf.enableProdMode();
  await import('@tensorflow/tfjs-backend-cpu');
  await tf.setBackend('cpu');
  await tf.ready();
}

/** Whether `@tensorflow/tfjs-node` and its native library are installed. */
export function isNativeInstalled(): boolean {
  try {
    require.resolve('@tensorflow/tfjs-node');
    return true;
  } catch {
    return false;
  }
}

function loadNative(): { tf?: TfjsLibrary; why: string } {
  if (!isNativeInstalled()) return { why: 'it is not installed' };
  try {
    // Node 23 removed a function that tfjs-node 4.22 still calls (tensorflow/tfjs #8609).
    const legacy = util as unknown as Record<string, unknown>;
    legacy.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
    return { tf: require('@tensorflow/tfjs-node') as TfjsLibrary, why: '' };
  } catch (thrown) {
    return {
      why: thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown),
    };
  }
}

/** The library without a backend. */
async function loadPlain(): Promise<TfjsLibrary> {
  const [core, converter, layers] = await Promise.all([
    import('@tensorflow/tfjs-core'),
    import('@tensorflow/tfjs-converter'),
    import('@tensorflow/tfjs-layers'),
  ]);
  return {
    ...core,
    loadGraphModel: converter.loadGraphModel,
    loadLayersModel: layers.loadLayersModel,
  };
}

async function useWasm(tf: TfjsLibrary): Promise<void> {
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  const dist = path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm'));
  wasm.setWasmPaths(`${dist}${path.sep}`);
  await tf.setBackend('wasm');
  await tf.ready();
}
