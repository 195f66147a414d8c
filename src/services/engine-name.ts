/** Engines by the name that `runtime:` in model.yaml uses. */
export const ENGINE_NAMES = ['tfjs', 'onnx', 'remote'] as const;

/** Name of an engine. */
export type EngineName = (typeof ENGINE_NAMES)[number];
