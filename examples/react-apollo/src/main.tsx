import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { ApolloProvider } from '@apollo/client/react';
import { OperationTypeNode } from 'graphql';
import { createClient } from 'graphql-ws';
import { createRoot } from 'react-dom/client';
import { typePolicies } from '../../apollo/type-policies.ts';
import { App } from './app.tsx';
import './style.css';

const socketUrl = new URL('/graphql', location.href);
socketUrl.protocol = socketUrl.protocol === 'https:' ? 'wss:' : 'ws:';

const client = new ApolloClient({
  link: ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(
      createClient({ url: socketUrl.href, retryAttempts: Infinity, shouldRetry: () => true }),
    ),
    new HttpLink({ uri: '/graphql' }),
  ),
  cache: new InMemoryCache({ typePolicies }),
});

const root = document.getElementById('root');
if (!root) throw new Error('The page has no #root.');
createRoot(root).render(
  <ApolloProvider client={client}>
    <App />
  </ApolloProvider>,
);
