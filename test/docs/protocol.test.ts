import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HEALTH_SERVICE_NAME } from '../../src/inference-protocol/health-messages.ts';
import { SERVICE_NAME, serviceMethods } from '../../src/inference-protocol/messages.ts';
import { ROUTES } from '../../src/server/inference-protocol/routes.ts';
import { divided } from '../support/oip.ts';
import { runApp, type RunningApp } from '../support/running-app.ts';

const run = promisify(execFile);

describe('docs/protocol.md', () => {
  let text: string;
  let commands: readonly string[];
  let app: RunningApp;
  let folder: string;
  beforeAll(async () => {
    text = await readFile('docs/protocol.md', 'utf8');
    commands = Array.from(text.matchAll(/```sh\n([\s\S]*?)```/g), ([, code = '']) => code);
    app = await runApp();
    folder = await mkdtemp(path.join(os.tmpdir(), 'protocol-'));
    await symlink(path.resolve('models'), path.join(folder, 'models'));
  });
  afterAll(async () => {
    await app.stop();
    await rm(folder, { recursive: true });
  });

  const follow = (command: string) =>
    run('bash', ['-ec', command.replaceAll('localhost:8000', `127.0.0.1:${app.port}`)], {
      cwd: folder,
    });

  it('asks a model for the label and score of a text', async () => {
    const { stdout } = await follow(commands[0] ?? '');
    expect(JSON.parse(stdout)).toMatchObject({
      model_name: 'banking77',
      outputs: [
        { name: 'label', datatype: 'BYTES', shape: [1, 1], data: ['lost_or_stolen_phone'] },
        { name: 'score', datatype: 'FP32', shape: [1, 1] },
      ],
    });
  });

  it('sends a picture as it is', async () => {
    expect(commands).toHaveLength(2);
    await follow(`${commands[1]?.trim()} -D headers`);
    const headers = await readFile(path.join(folder, 'headers'), 'utf8');
    const length = /inference-header-content-length: (\d+)/i.exec(headers)?.[1] ?? '';
    const answer = new Response(Uint8Array.from(await readFile(path.join(folder, 'answer'))), {
      headers: { 'inference-header-content-length': length },
    });
    const { json, binary } = await divided(answer);
    expect(json.outputs[0]).toMatchObject({ name: 'logits', shape: [1, 10] });
    expect(binary).toHaveLength(40);
  });

  it('names every route', () => {
    const paths = [...new Set(ROUTES.map((route) => `${route.method} ${route.path}`))]
      .filter((route) => !route.includes('{version}'))
      .sort();
    const table = text.slice(text.indexOf('| Route'), text.indexOf('What concerns a model'));
    const documented = Array.from(
      table.matchAll(/`((?:(?:GET|POST) )?[/…][^`]*)`/g),
      ([, it = '']) => it,
    );
    let last = '';
    const named = documented.map((route) => {
      // `…/unload` stands for the path before it with another end.
      const full = route.startsWith('…') ? last.replace(/\/[^/]*$/, route.slice(1)) : route;
      last = full;
      return full;
    });
    expect(named.sort()).toEqual(paths);
  });

  it('names every method of gRPC', () => {
    const core = [
      'ServerLive',
      'ServerReady',
      'ModelReady',
      'ServerMetadata',
      'ModelMetadata',
      'ModelInfer',
    ];
    expect(text).toContain('six methods of the protocol');
    const others = [...serviceMethods().keys()].filter((name) => !core.includes(name));
    for (const name of [SERVICE_NAME, HEALTH_SERVICE_NAME, ...others]) {
      expect(text, name).toContain(`\`${name}\``);
    }
  });
});
