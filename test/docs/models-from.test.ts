import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SETTINGS } from '../../src/config.ts';
import { parseAddresses } from '../../src/repository/sources/address.ts';

const PAGE = readFileSync('docs/models-from.md', 'utf8');

describe('docs/models-from.md', () => {
  const addresses = [
    ...[...PAGE.matchAll(/^MODELS_URL=(\S+) npm start$/gm)].map(([, list = '']) => list),
    ...[...PAGE.matchAll(/^\| (`.*?) +\|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code),
    ),
  ].filter((text) => /^(?:\w+:|\/)/.test(text) && text.length > 7 && !text.endsWith('://'));

  it('has examples', () => expect(addresses.length).toBeGreaterThan(8));

  it.each(addresses)('has addresses that are taken: %s', (address) => {
    expect(parseAddresses(address.replace('sha256=…', `sha256=${'a'.repeat(64)}`))).not.toEqual([]);
  });

  it('names settings that there are, and all of those that sources have', () => {
    const known = Object.values(SETTINGS).map(({ env }) => env);
    const named = [...PAGE.matchAll(/`([A-Z]+_[A-Z_]+)[`=]/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
    const ofSources = known.filter((name) =>
      /^(?:MODELS_(?:URL|MAX)|AWS_|GS_|HF_|MLFLOW_)/.test(name),
    );
    const text = PAGE.replaceAll('GS_ENDPOINT_URL', '');
    const left = ofSources.filter((name) => !text.includes(name) && name !== 'GS_ENDPOINT_URL');
    expect(left).toEqual([]);
  });
});
