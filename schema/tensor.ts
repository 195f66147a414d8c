import type { NamedTensor } from '../src/services/prediction.ts';
import { DATATYPES, type TensorSpec } from '../src/tensor/tensor.ts';
import type { Builder } from './builder.ts';
import { tensorDataToJson } from '../src/tensor/json-value.ts';

/** Defines tensors as outputs, and their description in a signature. */
export function defineTensors(builder: Builder) {
  const datatype = builder.enumType('Datatype', {
    description: 'Type of the elements of a tensor, named as in the Open Inference Protocol.',
    values: DATATYPES,
  });

  const tensor = builder.objectRef<NamedTensor>('Tensor');
  tensor.implement({
    description: 'A named output tensor.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Name of the output in the signature.' }),
      datatype: t.expose('datatype', { type: datatype, description: 'Type of the elements.' }),
      shape: t.intList({
        description: 'Size of each dimension, outermost first.',
        resolve: ({ shape }) => [...shape],
      }),
      data: t.field({
        type: 'JSON',
        description:
          'Elements as one flat array in row-major order; null stands for a number that is not ' +
          'finite.',
        resolve: tensorDataToJson,
      }),
    }),
  });

  const tensorSpec = builder.objectRef<TensorSpec>('TensorSpec');
  tensorSpec.implement({
    description: 'What a model declares of one input or output.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Name of the input or output.' }),
      datatype: t.expose('datatype', { type: datatype, description: 'Type of the elements.' }),
      shape: t.field({
        type: t.listRef('Int', { nullable: true }),
        description: 'Size of each dimension, outermost first; null marks a dynamic dimension.',
        resolve: ({ shape }) => [...shape],
      }),
    }),
  });

  return { datatype, tensor, tensorSpec };
}

/** References to the tensor types. */
export type TensorRefs = ReturnType<typeof defineTensors>;
