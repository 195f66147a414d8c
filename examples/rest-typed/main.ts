import createClient from 'openapi-fetch';
import { percent, serverUrl } from '../support.ts';
import type { paths } from './generated/api.ts';

/** Paths, bodies and answers are checked by TypeScript, from the OpenAPI document. */
const api = createClient<paths>({ baseUrl: serverUrl() });

const { data, error } = await api.POST('/predict', {
  body: { input: 'Where is my card?', scores: 2 },
});
if (!data) throw new Error(error.error.message);
console.log(`prediction ${String(data.prediction)} (${percent(data.confidence)})`);
for (const { label, score } of data.scores ?? []) console.log(`score ${label} ${percent(score)}`);

const batch = await api.POST('/predict/batch', {
  body: { inputs: ['I lost my phone', { text: '' }] },
});
for (const row of batch.data?.results ?? []) {
  console.log('error' in row ? `row failed: ${row.error.code}` : `row ${String(row.prediction)}`);
}

const missing = await api.GET('/models/{name}', { params: { path: { name: 'nobody' } } });
console.log(`error ${missing.error?.error.code ?? 'none'} (${missing.response.status})`);
