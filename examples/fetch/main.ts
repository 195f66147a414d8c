import { percent, serverUrl } from '../support.ts';

/** No library at all: what any language can do that speaks HTTP and JSON. */

const url = serverUrl();

async function post(path: string, body: unknown): Promise<unknown> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.json();
}

const { data } = (await post('/graphql', {
  query: `
    mutation ($text: String!) {
      predict(input: { text: $text }) {
        prediction
        confidence
      }
    }
  `,
  variables: { text: 'Where is my card?' },
})) as { data: { predict: { prediction: string; confidence: number } } };
console.log(`graphql ${data.predict.prediction} (${percent(data.predict.confidence)})`);

const answer = (await post('/predict', { input: 'Where is my card?' })) as {
  prediction: string;
  confidence: number;
  cached: boolean;
};
console.log(`rest ${answer.prediction} (${percent(answer.confidence)}), cached: ${answer.cached}`);

const failure = (await post('/predict', { input: 'Hello', model: 'nobody' })) as {
  error: { code: string; message: string };
};
console.log(`error ${failure.error.code}: ${failure.error.message}`);
