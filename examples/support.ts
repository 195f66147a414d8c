/** Address of the server: the first argument, else the default port of this machine. */
export function serverUrl(): string {
  return (process.argv[2] ?? 'http://localhost:8000').replace(/\/$/, '');
}

/** How many updates of the metrics to wait for: the second argument, else three. */
export function wantedUpdates(): number {
  return Number(process.argv[3] ?? 3);
}

/** Address of the GraphQL WebSocket of a server. */
export function webSocketUrl(url: string): string {
  return `${url.replace(/^http/, 'ws')}/graphql`;
}

/** A share as people read it. */
export function percent(share: number | null | undefined): string {
  return typeof share !== 'number' ? '–' : `${(share * 100).toFixed(1)}%`;
}
