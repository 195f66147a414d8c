import { describe, expect, it } from 'vitest';
import { hrefOf, parseRoute } from '../../console/src/router.ts';

describe('addresses of the console', () => {
  it.each([
    { view: 'model', model: 'banking77' },
    { view: 'model', model: 'a/b c#é%' },
    { view: 'fleet' },
    { view: 'requests' },
    { view: 'events' },
  ] as const)('lead back to what they were made of: %o', (route) => {
    expect(parseRoute(hrefOf(route))).toEqual(route);
  });

  it('take the addresses of models as they were before', () => {
    expect(parseRoute('#banking77')).toEqual({ view: 'model', model: 'banking77' });
    expect(parseRoute('#fleet')).toEqual({ view: 'model', model: 'fleet' });
  });

  it('show the default model where they name nothing that there is', () => {
    for (const hash of ['', '#', '#/', '#/nothing', '#/models/', '#%E0%A4%A', '#/models/%']) {
      expect(parseRoute(hash), hash).toEqual({ view: 'model', model: '' });
    }
  });
});
