import { badInput } from '../../errors.ts';

/**
 * Refuses texts that no model can mean: blank ones and ones over the limit.
 *
 * @param maxLength in UTF-16 units
 * @throws {ServiceError} `BAD_USER_INPUT`
 */
export function checkText(text: string, maxLength: number): string {
  if (text.length > maxLength) {
    throw badInput(`text has ${text.length} characters; at most ${maxLength} are allowed.`, {
      field: 'text',
      maxLength,
    });
  }
  if (text.trim() === '') throw badInput('text must not be empty.', { field: 'text' });
  return text;
}
