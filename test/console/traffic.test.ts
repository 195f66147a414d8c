import { describe, expect, it, vi } from 'vitest';

// The module finds its server beside the page that it is part of.
vi.stubGlobal('document', { baseURI: 'http://localhost/' });
const { describeTraffic } = await import('../../console/src/operate/traffic.ts');
const { disagreements } = await import('../../console/src/fleet/disagreements.ts');

describe('what the console says of traffic', () => {
  it('names each share, the rest and the shadow', () => {
    const split = [
      { version: '3', percent: 20 },
      { version: '2', percent: 5.5 },
    ];
    expect(describeTraffic({ split, shadow: { version: '4', percent: 50 } }, '1')).toEqual([
      'Version 3 answers 20 % of the requests that name no version.',
      'Version 2 answers 5.5 % of the requests that name no version.',
      'The rest is answered by version 1.',
      'Version 4 runs 50 % of them too; its answers are compared and not sent.',
    ]);
  });

  it('has no rest where all is dealt out, and all for the serving version without a split', () => {
    const all = describeTraffic({ split: [{ version: '2', percent: 100 }], shadow: null }, '1');
    expect(all).toEqual(['Version 2 answers 100 % of the requests that name no version.']);
    expect(describeTraffic({ split: [], shadow: null }, '1')).toEqual([
      'All requests that name no version are answered by version 1.',
    ]);
  });
});

describe('what the console says of replicas', () => {
  const replica = (id: string, serverVersion: string | null, servingVersion: string | null) => ({
    ...{ id, serverVersion, isSelf: false, host: 'node', status: 'HEALTHY' as const, ready: true },
    ...{ uptimeSeconds: 1, totalRequests: 0, failedRequests: 0, throughput: 0, inFlight: 0 },
    ...{ queuedRows: 0, p95LatencyMs: null },
    models: [{ name: 'spam', state: 'READY' as const, servingVersion }],
  });

  it('nothing where they agree, also with one that does not tell', () => {
    const silent = { ...replica('c', null, null), models: [] };
    expect(disagreements([replica('a', '1.0', '2'), replica('b', '1.0', '2'), silent])).toEqual([]);
  });

  it('which differ, and in what', () => {
    expect(disagreements([replica('a', '1.0', '2'), replica('b', '1.1', null)])).toEqual([
      'The replicas run different versions of the server: 1.0 on node a; 1.1 on node b.',
      'spam is not the same on all replicas: version 2 on node a; no version on node b.',
    ]);
  });
});
