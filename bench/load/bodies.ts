import { BATCH_SIZE, type BenchModel, type Mode } from '../scenario.ts';
import { freshInputs, type WireInput } from './inputs.ts';

/** How an input is wrapped into a request body. */
export type Api =
  | { readonly kind: 'rest' }
  | { readonly kind: 'graphql' }
  /** `variable` is the argument of the typed field, which takes the input's value alone. */
  | { readonly kind: 'typed'; readonly query: string; readonly variable: string };

/** What the bodies of one measurement look like. */
export interface BodySpec {
  readonly api: Api;
  readonly model: BenchModel;
  readonly mode: Mode;
}

/** Most bytes of bodies that are made before a measurement; further ones are made on the way. */
const POOL_BYTES = 48 * 1024 * 1024;

const FIELDS = 'id prediction confidence latencyMs model version cached';

/** The mutation of the GraphQL subjects; it selects what the REST route answers. */
export const PREDICT = `mutation Predict($input: ModelInput!, $model: String) {
  predict(input: $input, model: $model) { ${FIELDS} }
}`;

const PREDICT_BATCH = `mutation PredictBatch($inputs: [ModelInput!]!, $model: String) {
  predictBatch(inputs: $inputs, model: $model) {
    results { __typename ... on Prediction { ${FIELDS} } ... on PredictionError { code message } }
    latencyMs
  }
}`;

/** Makes request bodies. For mode `cached` it is always the same one. */
export function bodyMaker({ api, model, mode }: BodySpec, seed: number): () => string {
  const next = freshInputs(model, mode === 'cached' ? 1 : seed);
  if (mode === 'cached') {
    const body = toBody(api, model, [next()], false);
    return () => body;
  }
  const rows = mode === 'batch' ? BATCH_SIZE : 1;
  return () =>
    toBody(
      api,
      model,
      Array.from({ length: rows }, () => next()),
      mode === 'batch',
    );
}

/** Makes bodies ahead of time, so that the load tool has nothing to do but to send them. */
export function pooled(make: () => string, count: number): () => string {
  const pool: string[] = [];
  let bytes = 0;
  while (pool.length < count && bytes < POOL_BYTES) {
    const body = make();
    bytes += body.length;
    pool.push(body);
  }
  pool.reverse();
  return () => pool.pop() ?? make();
}

function toBody(api: Api, model: BenchModel, inputs: readonly WireInput[], batch: boolean): string {
  switch (api.kind) {
    case 'rest':
      return JSON.stringify(batch ? { inputs, model } : { input: inputs[0], model });
    case 'graphql': {
      const wrapped = inputs.map((input) => (typeof input === 'string' ? { text: input } : input));
      return JSON.stringify(
        batch
          ? { query: PREDICT_BATCH, variables: { inputs: wrapped, model } }
          : { query: PREDICT, variables: { input: wrapped[0], model } },
      );
    }
    case 'typed': {
      const [input = ''] = inputs;
      const value = typedValue(input);
      return JSON.stringify({
        query: api.query,
        variables: { [api.variable]: value },
      });
    }
  }
}

/** The value of a typed field's argument; name and type of a tensor are in the schema. */
function typedValue(input: WireInput): unknown {
  if (typeof input === 'string') return input;
  if ('image' in input) return input.image;
  const [tensor] = input.tensors;
  return tensor && { shape: tensor.shape, data: tensor.data };
}
