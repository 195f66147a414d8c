import { faultTensors, type FaultRow } from '../support/faults/fault-model.ts';
import { answerOf, type AnswerBody } from '../support/faults/fault-server.ts';
import type { Tally } from './tally.ts';

/** Time after which an answer counts as lost, in milliseconds. */
const LOST_AFTER_MS = 30_000;

/** Turns of the model's loop that outlast every limit: a poison input. */
const POISON = 3_000_000;

/** Models that clients ask. Poison goes only where a worker that hangs can be killed. */
export const MODELS = ['thread', 'process'] as const;

const GRAPHQL = `mutation ($model: String!, $input: ModelInput!) {
  predict(model: $model, input: $input) { outputs { name data } }
}`;

interface GraphQLBody {
  readonly data?: { readonly predict?: AnswerBody | null } | null;
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}

const oneIn = (chances: number) => Math.random() * chances < 1;
const upTo = (limit: number) => Math.floor(Math.random() * limit);

/** Sends requests of every kind, one after the other, until `stop` is aborted. */
export async function runClient(url: string, tally: Tally, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) await sendOne(url, tally);
}

async function sendOne(url: string, tally: Tally): Promise<void> {
  const model = MODELS[upTo(MODELS.length)] ?? 'thread';
  const rows = Array.from({ length: oneIn(8) ? 1 + upTo(50) : 1 }, () => rowFor(model));
  const leave = oneIn(20) ? AbortSignal.timeout(upTo(30)) : undefined;
  const patience = AbortSignal.timeout(LOST_AFTER_MS);
  const signal = leave ? AbortSignal.any([leave, patience]) : patience;
  try {
    const answers = await ask(url, model, rows, signal);
    for (const [i, { x }] of rows.entries()) tally.answered(2 * x, answers[i]);
  } catch (thrown) {
    if (leave?.aborted) tally.left(rows.length);
    else tally.lost(rows.length, (thrown as Error).cause ?? thrown);
  }
}

/** Mostly cheap rows, of which many are alike and so cached; few slow ones; hardly any poison. */
function rowFor(model: (typeof MODELS)[number]): FaultRow {
  const x = oneIn(2) ? upTo(50) : upTo(1_000_000);
  if (model === 'process' && oneIn(3_000)) return { x, cost: POISON };
  return { x, cost: oneIn(20) ? upTo(5_000) : 0 };
}

async function ask(
  url: string,
  model: string,
  rows: readonly FaultRow[],
  signal: AbortSignal,
): Promise<(number | string | undefined)[]> {
  const inputs = rows.map((row) => ({ tensors: faultTensors(row) }));
  if (inputs.length > 1) {
    const body = (await post(
      `${url}/predict/batch`,
      { model, inputs, outputs: true },
      signal,
    )) as AnswerBody;
    return body.results ? body.results.map(answerOf) : inputs.map(() => answerOf(body));
  }
  if (oneIn(2)) {
    const body = await post(`${url}/predict`, { model, input: inputs[0], outputs: true }, signal);
    return [answerOf(body as AnswerBody)];
  }
  const variables = { model, input: inputs[0] };
  const body = await post(`${url}/graphql`, { query: GRAPHQL, variables }, signal);
  const { data, errors } = body as GraphQLBody;
  const code = errors?.[0]?.extensions?.code;
  return [code ?? (data?.predict ? answerOf(data.predict) : undefined)];
}

async function post(url: string, body: object, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });
  return response.json();
}
