import { beforeAll, describe, expect, test } from 'vitest';
import { type MatrixResult, runMatrix, SERVICE_METHODS } from '../support/access/matrix.ts';

/** Methods that no API offers yet, each with the reason. */
const UNREACHED: Readonly<Record<string, string>> = {};

describe('every method, on every transport, with every sort of credential', () => {
  let result: MatrixResult;
  beforeAll(async () => {
    result = await runMatrix();
  }, 120_000);

  test('is answered to whom it is for, and to nobody else', () => {
    expect(result.violations).toEqual([]);
  });

  test('is among what was tried', () => {
    const missing = SERVICE_METHODS.filter((method) => !result.reached.has(method));
    expect(missing.filter((method) => !(method in UNREACHED))).toEqual([]);
    expect(result.doors.length).toBeGreaterThan(60);
  });
});
