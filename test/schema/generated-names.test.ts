import { describe, expect, it } from 'vitest';
import { isGeneratedName, pleasantNames } from '../../src/tensor/generated-names.ts';

describe('names of tensors that an exporter made up', () => {
  it.each(['onnx::Gemm_0', '3', '/fc/Gemm_output_0', 'StatefulPartitionedCall:0', 'Identity_1'])(
    '%s is one',
    (name) => expect(isGeneratedName(name)).toBe(true),
  );

  it.each(['logits', 'x', 'input_ids', 'probabilities', 'float_input', 'dense_1', 'identity_card'])(
    '%s is none',
    (name) => expect(isGeneratedName(name)).toBe(false),
  );

  it('are replaced by what they are, alone or counted by position', () => {
    expect(pleasantNames(['onnx::Gemm_0'], 'input')).toEqual(['input']);
    expect(pleasantNames(['3', 'score', '17'], 'output')).toEqual(['output1', 'score', 'output3']);
    expect(pleasantNames(['serving_default_image:0'], 'input')).toEqual(['image']);
  });

  it('stay where the better name is taken', () => {
    expect(pleasantNames(['onnx::Gemm_0', 'input'], 'input')).toEqual(['onnx::Gemm_0', 'input']);
  });
});
