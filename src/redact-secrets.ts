/** What every key begins with, so that scanners of leaked secrets find it. */
export const API_KEY_PREFIX = 'mlapi_';

/** How every JSON Web Token begins: an object in base64url whose first member is a text. */
const TOKEN_PREFIX = 'eyJ';

/** Keys, and tokens with their three parts. */
const SECRETS = /(mlapi_)[\w-]+|(eyJ)[\w-]+\.[\w-]+\.[\w-]*/g;

/** Leaves of everything in a text that looks like an API key or a token only the beginning. */
export function redactSecrets(text: string): string {
  if (!text.includes(API_KEY_PREFIX) && !text.includes(TOKEN_PREFIX)) return text;
  return text.replace(SECRETS, (_secret, key?: string, token?: string) => `${key ?? token ?? ''}…`);
}
