import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { NO_DRAIN } from '../support/no-drain.ts';

/** The standard output of a server until `done` is found in it. */
async function outputUntil(env: Record<string, string>, done: RegExp): Promise<string> {
  const child = spawn(process.execPath, ['dist/main.js'], {
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: '0',
      MODELS_DIR: 'models',
      ...NO_DRAIN,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  try {
    for await (const chunk of child.stdout) {
      output += String(chunk);
      if (done.test(output)) break;
    }
  } finally {
    child.kill();
    await once(child, 'exit');
  }
  return output;
}

describe('start', () => {
  it('shows people one block with the addresses and the models', async () => {
    const output = await outputUntil({ LOG_FORMAT: 'pretty' }, /INPUT → OUTPUT[\s\S]*\n\n/);
    expect(output).toMatch(/GraphQL {2}http:\/\/127\.0\.0\.1:\d+\/graphql\n/);
    expect(output).toMatch(/Metrics {2}http:\/\/127\.0\.0\.1:\d+\/metrics\/prometheus\n/);
    expect(output).toMatch(/banking77 .*ready .*tfjs · \w+ .*text → classification/);
    expect(output).toMatch(/INFO: model ready/);
  });

  it('writes nothing but JSON elsewhere', async () => {
    const output = await outputUntil({}, /"msg":"ready"/);
    for (const line of output.trimEnd().split('\n')) {
      expect(JSON.parse(line)).toHaveProperty('msg');
    }
  });
});
