import {
  MetricsSubscription,
  ModelsQuery,
  PredictBatchMutation,
  PredictMutation,
} from '../operations.ts';
import { percent, serverUrl, wantedUpdates } from '../support.ts';
import { connect } from './client.ts';

const { apollo, socket } = connect(serverUrl());

const { data: overview } = await apollo.query({ query: ModelsQuery });
for (const { name, state } of overview?.models ?? []) console.log(`model ${name}: ${state}`);

const { data: single } = await apollo.mutate({
  mutation: PredictMutation,
  variables: { text: 'Where is my card?' },
});
console.log(
  `prediction ${String(single?.predict.prediction)} (${percent(single?.predict.confidence)})`,
);

const { data: batch } = await apollo.mutate({
  mutation: PredictBatchMutation,
  variables: { inputs: [{ text: 'I lost my phone' }, { text: '' }] },
});
for (const result of batch?.predictBatch.results ?? []) {
  // The union tells the good rows from the bad ones, and TypeScript knows which fields each has.
  if (result.__typename === 'Prediction') console.log(`row ${String(result.prediction)}`);
  else console.log(`row failed: ${result.code}`);
}

let updates = 0;
await new Promise<void>((resolve, reject) => {
  const subscription = apollo
    .subscribe({ query: MetricsSubscription, variables: { intervalMs: 200 } })
    .subscribe({
      next: ({ data }) => {
        updates += 1;
        console.log(`metrics ${data?.metrics.totalRequests} requests`);
        if (updates < wantedUpdates()) return;
        subscription.unsubscribe();
        resolve();
      },
      error: reject,
    });
});
await socket.dispose();
apollo.stop();
