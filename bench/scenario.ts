/** Models that the scenarios use; `encoder` is made by the bench. */
export type BenchModel = 'banking77' | 'digits' | 'encoder';

/** `cached`: always the same input. `uncached`: every input new. `batch`: 64 new inputs a request. */
export type Mode = 'cached' | 'uncached' | 'batch';

/** Inputs of one request in mode `batch`. */
export const BATCH_SIZE = 64;

/** Who answers, and through which api. */
export type SubjectId =
  | 'server-rest'
  | 'server-graphql'
  | 'server-typed'
  | 'server-redis'
  | 'server-key'
  | 'server-key-redis'
  | 'server-jwt'
  | 'seed'
  | 'node-http'
  | 'yoga'
  | 'mercurius'
  | 'raw';

/** One comparison: the same work for every subject. */
export interface Scenario {
  /** `mode-model`, or `graphql-…` */
  readonly id: string;
  readonly title: string;
  readonly model: BenchModel;
  readonly mode: Mode;
  readonly subjects: readonly SubjectId[];
  /** Open connections, where the usual number would be more work than can be waited for. */
  readonly connections?: number;
  /** How many times longer than usual it is measured. */
  readonly stretch?: number;
  /** Whether it belongs to `--quick`. */
  readonly quick: boolean;
}

/** Names of the subjects for people. */
export const SUBJECT_TITLES: Readonly<Record<SubjectId, string>> = {
  'server-rest': 'this server, REST',
  'server-graphql': 'this server, GraphQL predict',
  'server-typed': 'this server, GraphQL typed query',
  'server-redis': 'this server with Redis, REST',
  'server-key': 'with an API key and a rate limit in memory',
  'server-key-redis': 'with an API key and a rate limit in Redis',
  'server-jwt': 'with a JSON Web Token',
  seed: 'FastAPI + PyTorch + Redis',
  'node-http': 'bare node:http',
  yoga: 'bare GraphQL Yoga',
  mercurius: 'bare Mercurius with JIT',
  raw: 'the engine alone, full batches',
};

const MODELS: readonly BenchModel[] = ['banking77', 'digits', 'encoder'];

const MODEL_TITLES: Readonly<Record<BenchModel, string>> = {
  banking77: 'text classifier `banking77`',
  digits: 'image classifier `digits`',
  encoder: 'transformer encoder (6 layers, width 384, 32 tokens)',
};

/** All scenarios, in the order of the report. */
export const SCENARIOS: readonly Scenario[] = [
  {
    id: 'cached-rest',
    title: 'REST, cached (always the same text)',
    model: 'banking77',
    mode: 'cached',
    subjects: ['server-rest', 'server-redis', 'seed', 'node-http'],
    quick: true,
  },
  {
    id: 'cached-graphql',
    title: 'GraphQL, cached (always the same text)',
    model: 'banking77',
    mode: 'cached',
    subjects: ['server-graphql', 'server-typed', 'yoga', 'mercurius'],
    quick: true,
  },
  {
    id: 'cached-access',
    title: 'REST, cached, by what the server knows of the caller',
    model: 'banking77',
    mode: 'cached',
    subjects: ['server-rest', 'server-key', 'server-redis', 'server-key-redis', 'server-jwt'],
    quick: false,
  },
  ...MODELS.map((model): Scenario => ({
    id: `uncached-${model}`,
    title: `Uncached, ${MODEL_TITLES[model]}: every input new`,
    model,
    mode: 'uncached',
    subjects: [
      'server-rest',
      'server-graphql',
      'server-typed',
      ...(model === 'banking77' ? (['server-redis'] as const) : []),
      'seed',
      'raw',
    ],
    quick: model !== 'banking77',
  })),
  ...MODELS.map((model): Scenario => ({
    id: `batch-${model}`,
    title: `Batches of ${BATCH_SIZE}, ${MODEL_TITLES[model]}: every input new`,
    model,
    mode: 'batch',
    subjects: ['server-rest', 'server-graphql', 'seed', 'raw'],
    connections: model === 'encoder' ? 2 : 8,
    stretch: model === 'encoder' ? 3 : 1,
    quick: false,
  })),
  ...MODELS.filter((model) => model !== 'banking77').map((model): Scenario => ({
    id: `cached-${model}`,
    title: `Cached, ${MODEL_TITLES[model]}: always the same input`,
    model,
    mode: 'cached',
    subjects: ['server-rest', 'server-graphql', 'seed'],
    quick: false,
  })),
];

/** In quick runs only the subjects that a target compares. */
const QUICK_LANES: ReadonlySet<SubjectId> = new Set<SubjectId>([
  'server-rest',
  'seed',
  'node-http',
  'yoga',
  'mercurius',
  'raw',
]);

/** The scenarios that a run asks for. */
export function selectScenarios(
  { quick, only }: { quick: boolean; only: readonly string[] },
  all: readonly Scenario[] = SCENARIOS,
): Scenario[] {
  return all
    .filter((scenario) => isWanted(scenario.id, only) && (scenario.quick || !quick))
    .map((scenario) => {
      if (!quick) return scenario;
      const subjects = scenario.subjects.filter(
        (subject) =>
          QUICK_LANES.has(subject) || (subject === 'server-graphql' && scenario.mode === 'cached'),
      );
      return { ...scenario, subjects };
    });
}

/** Whether `--only` lets a scenario through. */
export function isWanted(id: string, only: readonly string[]): boolean {
  return only.length === 0 || only.some((part) => id.includes(part));
}
