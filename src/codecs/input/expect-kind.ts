import { badInput } from '../../errors.ts';
import { INPUT_KINDS, type InputKind, type ModelInput } from '../../services/model-input.ts';

/**
 * Takes the part of an input that a model of this kind reads.
 *
 * @throws {ServiceError} `BAD_USER_INPUT` when another kind was sent
 */
export function expectKind<K extends InputKind>(
  input: ModelInput,
  kind: K,
): NonNullable<ModelInput[K]> {
  const value = input[kind];
  if (value !== undefined) return value;
  const given = INPUT_KINDS.filter((other) => input[other] !== undefined);
  const sent = given.length > 0 ? `"${given.join('", "')}"` : 'nothing';
  throw badInput(`This model takes an input of kind "${kind}", but ${sent} was sent.`, {
    expected: kind,
  });
}
