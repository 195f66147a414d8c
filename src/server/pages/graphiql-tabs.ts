import { typeName } from '../../../schema/typed/names.ts';
import type { ModelStatus } from '../../services/model-status.ts';
import { typedQuery } from './typed-operation.ts';

/** Most tabs for single predictions. */
const MAX_MODELS = 4;

/** Most inputs in the example of a batch. */
const MAX_BATCH = 3;

/** Longest argument that is written into an operation, in characters. */
const MAX_LITERAL = 2_000;

const GRAPHQL_NAME = /^[_A-Za-z]\w*$/;

/** One operation that GraphiQL opens with. */
export interface GraphiQLTab {
  readonly query: string;
  readonly variables: string;
}

const PREDICTION_FIELDS = `    prediction
    confidence
    scores(top: 3) {
      label
      score
    }
    model
    version
    cached
    latencyMs`;

const BATCH_FIELDS = `    results {
      ... on Prediction {
        prediction
        confidence
      }
      ... on PredictionError {
        code
        message
      }
    }
    latencyMs`;

const OVERVIEW = `# Health, models and metrics.
query Overview {
  health {
    status
    modelLoaded
    reasons
  }
  models {
    name
    description
    state
    inputKind
    outputKind
    servingVersion
  }
  metrics {
    totalRequests
    cacheHitRate
    avgLatencyMs
    p95LatencyMs
  }
}
`;

const LIVE_METRICS = `# Metrics, updated every second.
subscription LiveMetrics {
  metrics(intervalMs: 1000) {
    totalRequests
    throughput
    cacheHitRate
    p50LatencyMs
    p95LatencyMs
    inFlight
  }
}
`;

/**
 * Operations that run as they are, on the examples of the models' cards, each of its own name.
 *
 * @param withTyped whether the schema has the typed fields of the models
 */
export function graphiqlTabs(models: readonly ModelStatus[], withTyped = false): GraphiQLTab[] {
  const withExamples = models
    .filter(({ examples }) => examples.length > 0)
    .sort((a, b) => Number(b.isDefault) - Number(a.isDefault))
    .slice(0, MAX_MODELS);
  const [first] = withExamples;
  const typed = withTyped ? typedQuery(withExamples) : null;
  // With typed fields first, one example of the general form is enough.
  const general = typed ? withExamples.slice(0, 1) : withExamples;
  return [
    ...(typed ? [{ query: typed.query, variables: typed.variables }] : []),
    ...(first ? general.map(predictTab) : [predictTab(NO_MODEL)]),
    ...(typed ? [] : [batchTab(first ?? NO_MODEL), { query: OVERVIEW, variables: '' }]),
    { query: LIVE_METRICS, variables: '' },
  ];
}

type Exemplary = Pick<ModelStatus, 'examples'> & { readonly name?: string };

const NO_MODEL: Exemplary = { examples: [{ input: { text: 'A text' } }] };

function predictTab({ name, examples }: Exemplary): GraphiQLTab {
  const input = argument('input', 'ModelInput!', examples[0]?.input);
  return {
    query: `# One prediction with any model. Press Ctrl+Enter (or ⌘+Enter) to run it.
mutation Predict${typeName(name ?? '') ?? ''}${input.declaration} {
  predict(${input.use}${modelArgument(name)}) {
${PREDICTION_FIELDS}
  }
}
`,
    variables: input.variables,
  };
}

function batchTab({ name, examples }: Exemplary): GraphiQLTab {
  const inputs = argument(
    'inputs',
    '[ModelInput!]!',
    examples.slice(0, MAX_BATCH).map(({ input }) => input),
  );
  return {
    query: `# Many predictions at once; an invalid input is an error in its own place.
mutation PredictBatch${inputs.declaration} {
  predictBatch(${inputs.use}${modelArgument(name)}) {
${BATCH_FIELDS}
  }
}
`,
    variables: inputs.variables,
  };
}

function modelArgument(name: string | undefined): string {
  return name === undefined ? '' : `, model: ${JSON.stringify(name)}`;
}

/**
 * An argument written into the operation; as a variable where it is long (an image, say) or cannot
 * be written as a literal. (GraphiQL does not show the variables of the first tab.)
 */
function argument(name: string, type: string, value: unknown) {
  const literal = toLiteral(value);
  if (literal !== undefined && literal.length <= MAX_LITERAL) {
    return { declaration: '', use: `${name}: ${literal}`, variables: '' };
  }
  return {
    declaration: `($${name}: ${type})`,
    use: `${name}: $${name}`,
    variables: JSON.stringify({ [name]: value }, null, 2),
  };
}

/** A JSON value as a GraphQL literal; `undefined` where a key is not a GraphQL name. */
function toLiteral(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    const items = value.map(toLiteral);
    return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields: string[] = [];
  for (const [key, item] of Object.entries(value)) {
    const literal = toLiteral(item);
    if (literal === undefined || !GRAPHQL_NAME.test(key)) return undefined;
    fields.push(`${key}: ${literal}`);
  }
  return `{ ${fields.join(', ')} }`;
}
