import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JsonReader } from '../../../src/json/json-reader.ts';
import { openGraphQLSocket } from '../../support/api/graphql-socket.ts';
import { startServer, type TestServer } from '../../support/api/start-server.ts';

const LIMITS = { maxJsonDepth: 5, maxJsonKeys: 20, maxJsonObjects: 40, maxJsonValues: 80 };

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const keys = (count: number) =>
  `{${Array.from({ length: count }, (_, at) => `"key ${at}":0`).join()}}`;
const objects = (count: number) => `[${'{},'.repeat(count - 2)}{}]`;
const values = (count: number) => `[${'0,'.repeat(count - 1)}0]`;

const parse = (text: string) => new JsonReader(LIMITS).parse(Buffer.from(text));

describe('the limits of JSON', () => {
  it.each([
    ['depth', nested(5), nested(6), 'maxJsonDepth'],
    ['keys', keys(20), keys(21), 'maxJsonKeys'],
    ['objects', objects(40), objects(41), 'maxJsonObjects'],
    ['values', values(80), values(81), 'maxJsonValues'],
  ])('admit %s up to the limit, and nothing beyond it', (_name, fits, exceeds, detail) => {
    expect(parse(fits)).toEqual(JSON.parse(fits));
    expect(() => parse(exceeds)).toThrow(
      expect.objectContaining({
        code: 'JSON_TOO_COMPLEX',
        details: { [detail]: LIMITS[detail as keyof typeof LIMITS] },
      }),
    );
  });

  it('count a key once, however often it comes', () => {
    const rows = `[${new Array(15).fill('{"a":1,"b":2}').join()}]`;
    expect(parse(rows)).toHaveLength(15);
  });

  it('do not count what stands in texts', () => {
    const texts = [
      '[[[[[[[[[',
      '{\\"a\\":{\\"b\\":',
      'a \\" [[[[[[ \\\\',
      '\\\\',
      ',,,,'.repeat(300),
    ];
    const body = `[${texts.map((text) => `"${text}"`).join()}]`;
    expect(parse(body)).toEqual(JSON.parse(body));
  });

  it('find the end of long texts, whatever is escaped in them', () => {
    const text = `${'x'.repeat(300)}\\\\`;
    const body = `["${text}","${'y'.repeat(255)}\\"[[[[[[[[","${'z'.repeat(254)}\\\\"]`;
    expect(parse(body)).toEqual(JSON.parse(body));
  });
});

describe('bodies beyond the limits of JSON', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  const deep = nested(4_000_000);
  const manyKeys = keys(600_000);

  it.each(['/predict', '/predict/batch', '/graphql', '/v2/models/sentiment/infer'])(
    'are refused by %s with an error of their own, and without being parsed',
    async (path) => {
      for (const body of [deep, manyKeys, `{"input":{"features":${manyKeys}}}`]) {
        const response = await server.post(path, body);
        expect(response.status).toBe(400);
        const text = await response.text();
        expect(text).toContain('The JSON of the body');
        expect(text.length).toBeLessThan(1_000);
      }
    },
  );

  it('are refused in the query string too', async () => {
    const url = `${server.url}/graphql?query=%7B__typename%7D&variables=${nested(100)}`;
    const response = await fetch(url);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('JSON_TOO_COMPLEX');
  });

  it('close a socket, and no other', async () => {
    await using other = await openGraphQLSocket(server.url);
    await using bad = await openGraphQLSocket(server.url);
    const closed = new Promise<[number, string]>((resolve) => {
      bad.socket.on('close', (code, reason) => resolve([code, reason.toString()]));
    });
    bad.socket.send(nested(1_000));
    const [code, reason] = await closed;
    expect(code).toBe(4400);
    expect(reason).toContain('deeper than 64 levels');
    other.subscribe('1', '{ __typename }');
    expect((await other.next()).payload).toEqual({ data: { __typename: 'Query' } });
  });

  it('are counted by the bound that they reached, and are no defect', () => {
    expect(server.log.filter(({ level }) => Number(level) >= 40)).toEqual([]);
  });
});
