import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { percent, serverUrl } from '../support.ts';
import { shopSdl, startShop } from './shop.ts';

/**
 * A supergraph of a shop and of the server of models, behind Hive Gateway. The mood of a review is a
 * field like any other: no code of the shop knows of it.
 */

const models = `${serverUrl()}/graphql`;

async function ask<Data>(url: string, query: string): Promise<Data> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as {
    data?: Data;
    errors?: readonly { message: string }[];
  };
  if (!data || errors) throw new Error(errors?.map(({ message }) => message).join('; '));
  return data;
}

/** How many batches the model has run so far. */
async function countBatches(): Promise<number> {
  const { metrics } = await ask<{ metrics: { batches: number } }>(
    models,
    '{ metrics(model: "mood") { batches } }',
  );
  return metrics.batches;
}

// 1. The shop, and what the two subgraphs are together.
const shop = await startShop();
const { _service } = await ask<{ _service: { sdl: string } }>(models, '{ _service { sdl } }');
const { supergraphSdl, errors } = composeServices([
  { name: 'shop', typeDefs: parse(shopSdl), url: shop.url },
  { name: 'models', typeDefs: parse(_service.sdl), url: models },
]);
if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('; '));

// 2. The gateway over them.
const gateway = createGatewayRuntime({ supergraph: supergraphSdl, logging: 'error' });
const server = createServer(gateway);
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;

// 3. A client that asks for reviews in two places, and for the mood of each.
interface Product {
  readonly title: string;
  readonly reviews: readonly {
    readonly text: string;
    readonly mood: string | null;
    readonly moodConfidence: number | null;
  }[];
}
const before = await countBatches();
const { products, newest } = await ask<{
  products: readonly Product[];
  newest: Product;
}>(
  `http://127.0.0.1:${port}/graphql`,
  `{
    products { title reviews { text mood moodConfidence } }
    newest { title reviews { text mood moodConfidence } }
  }`,
);
for (const { title, reviews } of [...products, newest]) {
  for (const { text, mood, moodConfidence } of reviews) {
    console.log(`${title}: ${mood ?? '–'} (${percent(moodConfidence)}) ${text}`);
  }
}
console.log(`batches ${(await countBatches()) - before}`);

await gateway.dispose();
server.close();
shop.server.close();
