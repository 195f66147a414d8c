import { describe, expect, it } from 'vitest';
import { enumValueName, fieldName, typeName, uniqueNames } from '../../schema/typed/names.ts';

describe('GraphQL names of models, columns and labels', () => {
  it.each([
    ['bill_length_mm', 'billLengthMm', 'BillLengthMm'],
    ['banking77', 'banking77', 'Banking77'],
    ['bank-intents.v2', 'bankIntentsV2', 'BankIntentsV2'],
    ['billLength', 'billLength', 'BillLength'],
    ['3d-pose', '_3dPose', '_3dPose'],
    ['été', 'ete', 'Ete'],
  ])('%s', (name, field, type) => {
    expect(fieldName(name)).toBe(field);
    expect(typeName(name)).toBe(type);
  });

  it('has no name for a text without letters and digits', () => {
    expect(fieldName('---')).toBeNull();
    expect(typeName('日本')).toBeNull();
    expect(enumValueName('👍')).toBeNull();
  });

  it.each([
    ['card_arrival', 'card_arrival'],
    ['Refund_not_showing_up', 'Refund_not_showing_up'],
    ['reverted_card_payment?', 'reverted_card_payment'],
    ['7', '_7'],
    ['very good', 'very_good'],
    ['true', 'true_'],
    ['null', 'null_'],
    ['__typename', 'typename_'],
  ])('label %s becomes %s', (label, name) => {
    expect(enumValueName(label)).toBe(name);
  });

  it('refuses to type what cannot be told apart', () => {
    expect(uniqueNames(['a b', 'a-b'], fieldName)).toBeNull();
    expect(uniqueNames(['a', 'b'], fieldName)).toEqual(['a', 'b']);
  });
});
