import { isNativeInstalled } from './engines/tfjs-backend.ts';
import type { LoadSpec } from './engine.ts';
import type { Isolation } from './worker-channel.ts';

/**
 * The kind of worker that a model runs in: what its manifest wants, but for native TensorFlow
 * always a process, because a second thread that loads it fails (tensorflow/tfjs #8388).
 *
 * @param wanted `workers.isolation` of the manifest
 */
export function chooseIsolation({ engine, options }: LoadSpec, wanted: Isolation): Isolation {
  if (engine !== 'tfjs') return wanted;
  const backend = options.backend ?? 'auto';
  // Looks the package up without loading it: a native library has no place in the main process.
  const native = backend === 'native' || (backend === 'auto' && isNativeInstalled());
  return native ? 'process' : wanted;
}
