/** One request that tries to take more of the server than its share. */
export interface Attack {
  readonly name: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is. */
  readonly body: () => Buffer;
  /** Whether its body is near the largest that is taken, so that it may hold the loop for longer. */
  readonly isLarge?: boolean;
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

const graphql = (query: string, variables?: unknown): Buffer => json({ query, variables });

const repeat = (count: number, part: (at: number) => string, separator = ''): string =>
  Array.from({ length: count }, (_, at) => part(at)).join(separator);

/** Bytes just below the default `MAX_BODY_BYTES`. */
export const NEAR_LIMIT = 10 * 1024 * 1024 - 4_096;

/** `before`, as many `part`s as fit into a body, `after`. */
function filled(before: string, part: string, after: string, bytes = NEAR_LIMIT): Buffer {
  const count = Math.floor((bytes - before.length - after.length) / part.length);
  return Buffer.from(before + part.repeat(count).replace(/,$/, '') + after);
}

/** Fragments that spread each other, each of them `aliases` times. */
function nestedFragments(levels: number, aliases: number): string {
  const spread = (level: number) =>
    repeat(aliases, (at) => `a${at}: __type(name: "Query") { ...f${level} }`, ' ');
  const fragments = repeat(levels, (level) => {
    const inner =
      level + 1 < levels
        ? repeat(aliases, (at) => `a${at}: ofType { ...f${level + 1} }`, ' ')
        : 'name';
    return `fragment f${level} on __Type { ${inner} }`;
  });
  return `{ ${spread(0)} } ${fragments}`;
}

const batchOf = (count: number, text = (at: number) => `card ${at}`) =>
  Array.from({ length: count }, (_, at) => ({ text: text(at) }));

const BATCH = (selection: string, model = 'banking77') =>
  `mutation ($inputs: [ModelInput!]!) { predictBatch(model: "${model}", inputs: $inputs) { ${selection} } }`;

const RESPONSE_JSON = { accept: 'application/graphql-response+json' };

const keysOf = (count: number) => repeat(count, (at) => `"k${at}":0`, ',');

/** Documents. */
const DOCUMENTS: readonly Attack[] = [
  {
    name: 'fragments nested six deep, 20 aliases each',
    path: '/graphql',
    body: () => graphql(nestedFragments(6, 20)),
  },
  {
    name: 'fragments nested six deep, 7 aliases each',
    path: '/graphql',
    body: () => graphql(nestedFragments(6, 7)),
  },
  {
    name: '0.5 MB of newlines and 120 unknown fields',
    path: '/graphql',
    body: () => graphql(`{${'\n'.repeat(500_000)}${repeat(120, (at) => `nope${at} `)}}`),
  },
  {
    name: '60 kB of newlines and 120 unknown fields',
    path: '/graphql',
    body: () => graphql(`{${'\n'.repeat(60_000)}${repeat(120, (at) => `nope${at} `)}}`),
  },
  {
    name: 'an operation name of 0.9 MB with 100 unused variables',
    path: '/graphql',
    body: () =>
      graphql(
        `query ${'n'.repeat(900_000)}(${repeat(100, (at) => `$v${at}: Int `)}) { __typename }`,
      ),
  },
  {
    name: 'an unknown field with a name of 0.9 MB',
    path: '/graphql',
    body: () => graphql(`{ ${'n'.repeat(900_000)} }`),
  },
  {
    name: '49,000 fields of one name',
    path: '/graphql',
    body: () => graphql(`{ ${'__typename '.repeat(49_000)} }`),
  },
  {
    name: '9,900 unknown fields',
    path: '/graphql',
    body: () => graphql(`{ ${repeat(9_900, (at) => `nope${at} `)} }`),
  },
  {
    name: '9,000 operations of one name',
    path: '/graphql',
    body: () => graphql('query A { __typename } '.repeat(9_000)),
  },
  {
    name: '8,000 operations',
    path: '/graphql',
    body: () => graphql(repeat(8_000, (at) => `query A${at} { __typename } `)),
  },
  {
    name: 'a chain of 3,000 fragments under 1,000 operations',
    path: '/graphql',
    body: () =>
      graphql(
        repeat(1_000, (at) => `query A${at} { ...f0 } `) +
          repeat(3_000, (at) => `fragment f${at} on Query { ...f${at + 1} } `) +
          'fragment f3000 on Query { __typename }',
      ),
  },
  {
    name: '9,000 variables that nobody uses',
    path: '/graphql',
    body: () => graphql(`query (${repeat(9_000, (at) => `$v${at}: Int `)}) { __typename }`),
  },
  {
    name: '9,000 arguments of one field',
    path: '/graphql',
    body: () => graphql(`{ __type(${repeat(9_000, (at) => `a${at}: 1 `)}) { name } }`),
  },
  {
    name: 'a list of 49,000 numbers as literal',
    path: '/graphql',
    body: () =>
      graphql(
        `mutation { predict(model: "penguins", input: { features: { a: [${'1 '.repeat(49_000)}] } }) { prediction } }`,
      ),
  },
  {
    name: 'brackets nested 100,000 deep',
    path: '/graphql',
    body: () => graphql(`{ a(b: ${'['.repeat(100_000)}) }`),
  },
  {
    name: 'a string of 0.9 MB as literal',
    path: '/graphql',
    body: () =>
      graphql(
        `mutation { predict(model: "banking77", input: { text: "${'x'.repeat(900_000)}" }) { prediction } }`,
      ),
  },
  {
    name: '490 unknown directives',
    path: '/graphql',
    body: () => graphql(`{ ${repeat(490, (at) => `a${at}: __typename @nope${at} `)} }`),
  },
  {
    name: '140 overlapping fields with arguments, in fragments',
    path: '/graphql',
    body: () =>
      graphql(
        `{ ${repeat(70, (at) => `...f${at} `)} } ` +
          repeat(70, (at) => `fragment f${at} on Query { health { status models { name } } } `),
      ),
  },
  {
    name: '1,000 inline inputs',
    path: '/graphql',
    body: () =>
      graphql(
        `mutation { predictBatch(model: "banking77", inputs: [${repeat(1_000, (at) => `{ text: "card ${at}" } `)}]) { results { ... on Prediction { prediction } } } }`,
      ),
  },
];

/** Answers. */
const ANSWERS: readonly Attack[] = [
  {
    name: '40 aliases of scores(top: 77) over 2,000 equal inputs',
    path: '/graphql',
    body: () =>
      graphql(
        BATCH(
          `results { ... on Prediction { ${repeat(40, (at) => `s${at}: scores(top: 77) { label score } `)} } }`,
        ),
        { inputs: batchOf(2_000, () => 'where is my card') },
      ),
  },
  {
    name: '10,000 inputs, five scores each',
    path: '/graphql',
    body: () =>
      graphql(BATCH('results { ... on Prediction { prediction scores { label score } } }'), {
        inputs: batchOf(10_000),
      }),
  },
  {
    name: '10,000 inputs, five scores each, as graphql-response+json',
    path: '/graphql',
    headers: RESPONSE_JSON,
    body: () =>
      graphql(BATCH('results { ... on Prediction { prediction scores { label score } } }'), {
        inputs: batchOf(10_000),
      }),
  },
  {
    name: '6,000 inputs, 77 scores each, as graphql-response+json',
    path: '/graphql',
    headers: RESPONSE_JSON,
    body: () =>
      graphql(BATCH('results { ... on Prediction { scores(top: 77) { label score } } }'), {
        inputs: batchOf(6_000),
      }),
  },
  {
    name: '6,000 inputs, 77 scores each',
    path: '/graphql',
    body: () =>
      graphql(BATCH('results { ... on Prediction { scores(top: 77) { label score } } }'), {
        inputs: batchOf(6_000),
      }),
  },
  {
    name: '10,000 inputs over REST, 77 scores each',
    path: '/predict/batch',
    body: () => json({ model: 'banking77', scores: 77, outputs: true, inputs: batchOf(10_000) }),
  },
  {
    name: '10,000 equal inputs over REST, 77 scores each',
    path: '/predict/batch',
    body: () =>
      json({
        model: 'banking77',
        scores: 77,
        outputs: true,
        inputs: batchOf(10_000, () => 'where is my card'),
      }),
  },
  {
    name: '10,000 empty inputs over REST',
    path: '/predict/batch',
    body: () => json({ model: 'banking77', inputs: batchOf(10_000, () => '') }),
  },
  {
    name: '10,000 bad rows over GraphQL',
    path: '/graphql',
    body: () =>
      graphql(BATCH('results { ... on PredictionError { message details } }', 'penguins'), {
        inputs: batchOf(10_000),
      }),
  },
  {
    name: '10,000 texts over the inference protocol',
    path: '/v2/models/banking77/infer',
    body: () =>
      json({
        inputs: [
          {
            name: 'text',
            datatype: 'BYTES',
            shape: [10_000],
            data: batchOf(10_000).map(({ text }) => text),
          },
        ],
      }),
  },
  {
    name: 'a million numbers over the inference protocol',
    path: '/v2/models/digits/infer',
    body: () =>
      json({
        inputs: [
          {
            name: 'image',
            datatype: 'FP32',
            shape: [16_000, 1, 8, 8],
            data: new Array<number>(16_000 * 64).fill(0.5),
          },
        ],
      }),
  },
];

/** JSON bodies. */
const BODIES: readonly Attack[] = [
  ...['/predict', '/graphql', '/v2/models/banking77/infer'].flatMap((path): Attack[] => [
    {
      name: `4,000,000 brackets to ${path}`,
      path,
      body: () => Buffer.from('['.repeat(4_000_000) + ']'.repeat(4_000_000)),
      isLarge: true,
    },
    {
      name: `a deep member of many brackets to ${path}`,
      path,
      body: () =>
        Buffer.from(`{"variables":${'{"a":'.repeat(1_500_000)}1${'}'.repeat(1_500_000)}}`),
      isLarge: true,
    },
    {
      name: `600,000 unknown keys to ${path}`,
      path,
      body: () => Buffer.from(`{"query":"{__typename}",${keysOf(600_000)}}`),
      isLarge: true,
    },
    {
      name: `one key 1,700,000 times to ${path}`,
      path,
      body: () => filled('{"a":0,', '"b":0,', '}'),
      isLarge: true,
    },
    {
      name: `empty objects to ${path}`,
      path,
      body: () => filled('{"inputs":[', '{},', '],"query":"{__typename}"}'),
      isLarge: true,
    },
    {
      name: `empty lists to ${path}`,
      path,
      body: () => filled('{"inputs":[', '[],', ']}'),
      isLarge: true,
    },
    {
      name: `empty strings to ${path}`,
      path,
      body: () => filled('{"inputs":[', '"",', ']}'),
      isLarge: true,
    },
    {
      name: `small numbers to ${path}`,
      path,
      body: () => filled('{"inputs":[', '0,', ']}'),
      isLarge: true,
    },
    {
      name: `long numbers to ${path}`,
      path,
      body: () => filled('{"inputs":[', '12345678901234567890,', ']}'),
      isLarge: true,
    },
    {
      name: `escapes to ${path}`,
      path,
      body: () => filled('{"inputs":["', '\\u00e9', '"]}'),
      isLarge: true,
    },
  ]),
  {
    name: '600,000 feature keys over REST',
    path: '/predict',
    body: () => Buffer.from(`{"model":"penguins","input":{"features":{${keysOf(600_000)}}}}`),
    isLarge: true,
  },
  {
    name: '600,000 feature keys over GraphQL',
    path: '/graphql',
    body: () =>
      Buffer.from(
        `{"query":"mutation($f: JSONObject!) { predict(model: \\"penguins\\", input: {features: $f}) { prediction } }","variables":{"f":{${keysOf(600_000)}}}}`,
      ),
    isLarge: true,
  },
  {
    name: '45,000 feature keys over REST',
    path: '/predict',
    body: () => Buffer.from(`{"model":"penguins","input":{"features":{${keysOf(45_000)}}}}`),
  },
  {
    name: 'many batch inputs over REST',
    path: '/predict/batch',
    body: () => filled('{"inputs":[', '"a",', ']}'),
    isLarge: true,
  },
  {
    name: 'many batch inputs of objects over REST',
    path: '/predict/batch',
    body: () => filled('{"inputs":[', '{"text":"a"},', ']}'),
    isLarge: true,
  },
  {
    name: 'many batch inputs over GraphQL',
    path: '/graphql',
    body: () =>
      filled(
        `{"query":${JSON.stringify(BATCH('latencyMs'))},"variables":{"inputs":[`,
        '{"text":"a"},',
        ']}}',
      ),
    isLarge: true,
  },
  {
    name: 'many bad inputs over GraphQL',
    path: '/graphql',
    body: () =>
      filled(
        `{"query":${JSON.stringify(BATCH('latencyMs'))},"variables":{"inputs":[`,
        '{"x":1},',
        ']}}',
      ),
    isLarge: true,
  },
  {
    name: 'a bad input of 9 MB over GraphQL',
    path: '/graphql',
    body: () => graphql(BATCH('latencyMs'), { inputs: ['x'.repeat(9_000_000)] }),
    isLarge: true,
  },
  {
    name: 'a text of 9 MB over REST',
    path: '/predict',
    body: () => json({ model: 'banking77', input: 'x'.repeat(9_000_000) }),
    isLarge: true,
  },
  {
    name: 'a text of 9 MB of two-byte characters over REST',
    path: '/predict',
    body: () => json({ model: 'banking77', input: 'é'.repeat(4_500_000) }),
    isLarge: true,
  },
  {
    name: 'an image of 9 MB over REST',
    path: '/predict',
    body: () => json({ model: 'digits', input: { image: 'A'.repeat(9_000_000) } }),
    isLarge: true,
  },
  {
    name: 'a data URL of 9 MB over REST',
    path: '/predict',
    body: () =>
      json({ model: 'digits', input: { image: `data:image/png;base64,${'A'.repeat(9_000_000)}` } }),
    isLarge: true,
  },
  {
    name: '4 million numbers as features over REST',
    path: '/predict',
    body: () => filled('{"model":"penguins","input":{"features":{"bill_length_mm":[', '0,', ']}}}'),
    isLarge: true,
  },
  {
    name: 'a tensor of 5 million numbers over REST',
    path: '/predict',
    body: () =>
      filled(
        '{"model":"digits","input":{"tensors":[{"name":"image","datatype":"FP32","shape":[5000000],"data":[',
        '0,',
        ']}]}}',
      ),
    isLarge: true,
  },
  {
    name: 'a nested tensor over REST',
    path: '/predict',
    body: () =>
      filled(
        '{"model":"digits","input":{"tensors":[{"name":"image","datatype":"FP32","shape":[32000,1,8,8],"data":[',
        '[[0]],',
        ']}]}}',
      ),
    isLarge: true,
  },
  {
    name: 'a tensor of 5 million numbers over the inference protocol',
    path: '/v2/models/digits/infer',
    body: () =>
      filled(
        '{"inputs":[{"name":"image","datatype":"FP32","shape":[81600,1,8,8],"data":[',
        '0,',
        ']}]}',
      ),
    isLarge: true,
  },
  {
    name: 'long numbers in a tensor over the inference protocol',
    path: '/v2/models/digits/infer',
    body: () =>
      filled(
        '{"inputs":[{"name":"image","datatype":"FP32","shape":[7000,1,8,8],"data":[',
        '1234567890123456789,',
        ']}]}',
      ),
    isLarge: true,
  },
  {
    name: 'a tensor of empty texts over the inference protocol',
    path: '/v2/models/banking77/infer',
    body: () =>
      filled(
        '{"inputs":[{"name":"text","datatype":"BYTES","shape":[3000000],"data":[',
        '"",',
        ']}]}',
      ),
    isLarge: true,
  },
];

/** Single requests that stay within the default limits, or run into one. */
export const ATTACKS: readonly Attack[] = [...DOCUMENTS, ...ANSWERS, ...BODIES];
