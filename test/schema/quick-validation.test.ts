import SchemaBuilder, { BasePlugin, type SchemaTypes } from '@pothos/core';
import { execute, type GraphQLFieldResolver, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildSchema } from '../../schema/index.ts';
import { VALIDATION_PLUGINS } from '../../schema/quick-validation.ts';

const schema = buildSchema([], { maxBatchInputs: 2 });

/** Calls the field `predict` with a service that notes whether it was called at once. */
function predict(args: string) {
  const calls: unknown[] = [];
  const contextValue = {
    call: { id: 'a', signal: undefined },
    services: {
      predictions: {
        predict: (_call: unknown, request: unknown) => {
          calls.push(request);
          return { id: '1' };
        },
      },
    },
  };
  const document = parse(`mutation { predict(${args}) { id } }`);
  const result = execute({ schema, document, contextValue });
  return { calledAtOnce: calls.length > 0, result, calls };
}

describe('arguments', () => {
  it('that are valid reach the resolver at once', () => {
    const { calledAtOnce, calls } = predict('input: { text: "a" }, model: "b"');
    expect(calledAtOnce).toBe(true);
    expect(calls[0]).toMatchObject({ input: { text: 'a' }, model: 'b' });
  });

  it.each([
    ['model', 'input: { text: "a" }, model: ""'],
    ['options.timeoutMs', 'input: { text: "a" }, options: { timeoutMs: 0 }'],
    [
      'input.tensors[0].data',
      'input: { tensors: [{ name: "x", datatype: FP32, shape: [1], data: 1 }] }',
    ],
  ])('that are not do not, with what is wrong: %s', async (where, args) => {
    const { result, calls } = predict(args);
    const { errors } = await result;
    expect(calls).toEqual([]);
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.message).toContain(`${where}: `);
    expect(errors?.[0]?.originalError).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- where Pothos looks plugins up
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      testGuard: GuardPlugin<Types>;
    }
  }
}

/** Refuses every field, as a plugin that guards fields would. */
class GuardPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(): GraphQLFieldResolver<unknown, Types['Context'], object> {
    return () => {
      throw new Error('guarded');
    };
  }
}
SchemaBuilder.registerPlugin('testGuard', GuardPlugin);

describe('a plugin that guards fields', () => {
  it.each([
    ['before the validation', ['testGuard', ...VALIDATION_PLUGINS] as const],
    ['after the validation', [...VALIDATION_PLUGINS, 'testGuard'] as const],
  ])('is asked: %s', async (_where, plugins) => {
    const builder = new SchemaBuilder<object>({ plugins: [...plugins] });
    let calls = 0;
    builder.queryType({
      fields: (t) => ({
        secret: t.string({
          args: { name: t.arg.string({ required: true, validate: { minLength: 1 } }) },
          resolve: () => {
            calls++;
            return 'told';
          },
        }),
      }),
    });
    const result = await execute({
      schema: builder.toSchema(),
      document: parse('{ secret(name: "a") }'),
    });
    expect(result.errors?.[0]?.message).toBe('guarded');
    expect(calls).toBe(0);
  });
});
