import { readFileSync } from 'node:fs';
import { isEnumType, isInputObjectType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildSchema } from '../../schema/index.ts';
import { printSortedSchema } from '../../schema/print.ts';
import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { ERRORS } from '../../src/errors.ts';
import { BROKEN, SENTIMENT } from '../support/api/fake-services.ts';

/** A field or an argument. */
interface Described {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly args?: readonly Described[];
}

it('equals schema/schema.graphql for the shipped models (npm run schema writes it)', async () => {
  const config = loadConfig({ LOG_LEVEL: 'silent' });
  const app = createApp(config);
  try {
    await app.catalog.load();
    const file = readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8');
    expect(printSortedSchema(buildSchema(app.catalog.list(), config))).toBe(file);
  } finally {
    await app.stop();
  }
});

describe('the GraphQL schema', () => {
  const models = [BROKEN, SENTIMENT];
  const schema = buildSchema(models, loadConfig({}));

  it('describes every type, field and argument', () => {
    const silent: string[] = [];
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('__')) continue;
      if (!type.description) silent.push(type.name);
      if (!isObjectType(type) && !isInputObjectType(type)) continue;
      const fields: readonly Described[] = Object.values(type.getFields());
      for (const field of fields) {
        const path = `${type.name}.${field.name}`;
        if (!field.description) silent.push(path);
        for (const argument of field.args ?? []) {
          if (!argument.description) silent.push(`${path}(${argument.name})`);
        }
      }
    }
    expect(silent).toEqual([]);
  });

  it('has every code of the registry as a value of ErrorCode', () => {
    const type = schema.getType('ErrorCode');
    const values = isEnumType(type) ? type.getValues().map(({ name }) => name) : [];
    expect(values.sort()).toEqual(Object.keys(ERRORS).sort());
  });

  it('can be built again and again', () => {
    const again = buildSchema(models, loadConfig({}));
    expect(again).not.toBe(schema);
    expect(printSortedSchema(again)).toBe(printSortedSchema(schema));
  });
});
