import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import SchemaBuilder from '@pothos/core';
import { printSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';

/** A shop that knows nothing of models: products and what people wrote of them, with Pothos. */

interface Review {
  readonly id: string;
  readonly text: string;
}

interface Product {
  readonly title: string;
  readonly reviews: readonly Review[];
}

const PRODUCTS: readonly Product[] = [
  {
    title: 'Penguins on Film',
    reviews: [
      { id: '1', text: 'A great film, I loved it!' },
      { id: '2', text: 'The music was wonderful, the best part of the evening.' },
      { id: '3', text: 'Boring. The worst film of the year.' },
    ],
  },
  {
    title: 'The Slow Ship',
    reviews: [
      { id: '4', text: 'What a boring, terrible story.' },
      { id: '5', text: 'Slow, but the music was good and nice.' },
    ],
  },
];

function findReview(wanted: unknown): Review | null {
  const reviews = PRODUCTS.flatMap((product) => product.reviews);
  return reviews.find(({ id }) => id === wanted) ?? null;
}

/** What a subgraph says of its entities. */
const FEDERATION =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])\n\n';

const builder = new SchemaBuilder<{
  Objects: { Product: Product; Review: Review };
  Scalars: { _Any: { Input: { readonly id?: unknown }; Output: never } };
  DefaultFieldNullability: false;
}>({ defaultFieldNullability: false });

builder.objectType('Review', {
  fields: (t) => ({ id: t.exposeID('id'), text: t.exposeString('text') }),
});
builder.objectType('Product', {
  fields: (t) => ({
    title: t.exposeString('title'),
    reviews: t.field({ type: ['Review'], resolve: ({ reviews }) => [...reviews] }),
  }),
});
builder.queryType({
  fields: (t) => ({
    products: t.field({ type: ['Product'], resolve: () => [...PRODUCTS] }),
    newest: t.field({ type: 'Product', resolve: () => PRODUCTS[1] ?? null, nullable: true }),
  }),
});

/** The schema as the supergraph is composed of it: a review is known by its id. */
export const shopSdl =
  FEDERATION +
  printSchema(builder.toSchema()).replace('type Review {', 'type Review @key(fields: "id") {');

// By these a gateway finds a review again.
builder.scalarType('_Any', { parseValue: (value) => value as { id?: unknown } });
const entity = builder.unionType('_Entity', { types: ['Review'], resolveType: () => 'Review' });
builder.queryField('_entities', (t) =>
  t.field({
    type: t.listRef(entity, { nullable: true }),
    args: { representations: t.arg({ type: ['_Any'], required: true }) },
    resolve: (_root, { representations }) => representations.map(({ id }) => findReview(id)),
  }),
);

const schema = builder.toSchema();

/** Starts the shop on a free port of this machine. @returns its address and its server */
export async function startShop(): Promise<{ url: string; server: Server }> {
  const server = createServer(createYoga({ schema, logging: false }));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/graphql`, server };
}
