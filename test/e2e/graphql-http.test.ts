import { type AuditResult, serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApp, runApp } from '../support/running-app.ts';

/**
 * The GraphQL-over-HTTP specification, as its reference implementation audits it: what MUST, SHOULD
 * and MAY be.
 */
describe('the GraphQL-over-HTTP specification', () => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await runApp();
  });
  afterAll(() => app.stop());

  const audits = serverAudits({ url: () => `${app.url}/graphql`, fetchFn: fetch });

  it('is audited in full', () => {
    const levels = new Set(audits.map(({ name }) => name.split(' ')[0]));
    expect(levels).toEqual(new Set(['MUST', 'SHOULD', 'MAY']));
    expect(audits.length).toBeGreaterThan(50);
  });

  it.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (_name, audit) => {
    const result = await audit.fn();
    expect(await explain(result)).toBe('ok');
  });
});

async function explain(result: AuditResult): Promise<string> {
  if (result.status === 'ok') return 'ok';
  const { status } = result.response;
  return `${result.reason} (status ${status}): ${await result.response.text().catch(() => '')}`;
}
