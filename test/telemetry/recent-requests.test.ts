import { describe, expect, it } from 'vitest';
import type { RecentRequest, RequestKind } from '../../src/services/recent-request.ts';
import { RecentRequests } from '../../src/telemetry/recent-requests.ts';

function request(
  id: string,
  kind: RequestKind = 'FAILED',
  models: readonly string[] = ['a'],
): Omit<RecentRequest, 'timestamp'> {
  return {
    ...{ id, kind, models, transport: 'http', method: 'POST', path: '/predict' },
    ...{ operation: 'predict', rows: 1, status: 500, code: 'INFERENCE_FAILED', message: null },
    ...{ aborted: false, durationMs: 1, traceId: null, caller: 'k', input: null },
  };
}

describe('recent requests', () => {
  it('keep the newest of each kind, so that a flood of one pushes no other out', () => {
    const recent = new RecentRequests({ capacity: 3, slowMs: 1, withInputs: false });
    recent.keep(request('failure'));
    for (let n = 0; n < 100; n++) recent.keep(request(`refused-${n}`, 'REFUSED'));
    const ids = recent.list().map(({ id }) => id);
    expect(ids).toHaveLength(4);
    expect(ids).toEqual(
      expect.arrayContaining(['failure', 'refused-97', 'refused-98', 'refused-99']),
    );
  });

  it('are told newest first, by model and kind, up to a limit', () => {
    let now = 1_700_000_000_000;
    const recent = new RecentRequests({
      ...{ capacity: 10, slowMs: 1, withInputs: false },
      now: () => (now += 1),
    });
    recent.keep(request('1', 'SLOW', ['a']));
    recent.keep(request('2', 'FAILED', ['b']));
    recent.keep(request('3', 'SLOW', ['a', 'b']));
    const ids = (list: readonly RecentRequest[]) => list.map(({ id }) => id);
    expect(ids(recent.list())).toEqual(['3', '2', '1']);
    expect(ids(recent.list({ model: 'b' }))).toEqual(['3', '2']);
    expect(ids(recent.list({ kind: 'SLOW' }))).toEqual(['3', '1']);
    expect(ids(recent.list({ limit: 1 }))).toEqual(['3']);
    const onlyA = ({ models }: RecentRequest) => models.every((model) => model === 'a');
    expect(ids(recent.list({}, onlyA))).toEqual(['1']);
    now += 16 * 60_000;
    expect(recent.list()).toEqual([]);
  });

  it('are none with a capacity of 0', () => {
    const recent = new RecentRequests({ capacity: 0, slowMs: 1, withInputs: false });
    recent.keep(request('1'));
    expect(recent.list()).toEqual([]);
  });
});
