import type { NamedTensor } from '../src/services/prediction.ts';
import { DATATYPES, type TensorSpec } from '../src/tensor/tensor.ts';
import type { Builder } from './builder.ts';
import { tensorDataToJson } from '../src/tensor/json-value.ts';

/** Defines tensors as outputs, and their description in a signature. */
export function defineTensors(builder: Builder) {
  const datatype = builder.enumType('Datatype', {
    description: 'Data type of tensor elements, named as in the Open Inference Protocol.',
    values: DATATYPES,
  });

  const tensor = builder.objectRef<NamedTensor>('Tensor');
  tensor.implement({
    description: 'A named output tensor.',
    fields: (t) => ({
      name: t.exposeString('name', { description: "Name of the output in the model's signature." }),
      datatype: t.expose('datatype', { type: datatype, description: 'Data type of the elements.' }),
      shape: t.intList({
        description: 'Size of each dimension, outermost first.',
        resolve: ({ shape }) => [...shape],
      }),
      data: t.field({
        type: 'TensorData',
        description: 'Elements in row-major order, as one flat array.',
        resolve: tensorDataToJson,
      }),
    }),
  });

  const tensorSpec = builder.objectRef<TensorSpec>('TensorSpec');
  tensorSpec.implement({
    description: 'Declaration of one input or output of a model.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Name of the input or output.' }),
      datatype: t.expose('datatype', { type: datatype, description: 'Data type of the elements.' }),
      shape: t.field({
        type: t.listRef('Int', { nullable: true }),
        description: 'Size of each dimension, outermost first; null for a dynamic dimension.',
        resolve: ({ shape }) => [...shape],
      }),
      rank: t.int({
        nullable: true,
        description: 'Number of dimensions; null where any number may come.',
        resolve: ({ shape, unranked }) => (unranked ? null : shape.length),
      }),
      optional: t.boolean({
        description: 'Whether the input may be left out.',
        resolve: (spec) => spec.optional ?? false,
      }),
    }),
  });

  return { datatype, tensor, tensorSpec };
}

/** References to the tensor types. */
export type TensorRefs = ReturnType<typeof defineTensors>;
