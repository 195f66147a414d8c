import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { skipsBrowser, startBrowser, type TestBrowser } from '../support/browser.ts';
import {
  constant,
  FLOAT,
  graph,
  modelFile,
  node,
  valueInfo,
} from '../support/faults/onnx-writer.ts';
import { NO_DRAIN } from '../support/no-drain.ts';
import { type PackedPackage, packPackage } from '../support/packed-package.ts';

/** Somebody's own classifier: four numbers in, three logits out. */
function classifier(): Buffer {
  const weights = [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1];
  return modelFile(
    graph(
      'classifier',
      node('MatMul', ['input', 'weights'], ['logits']),
      constant('weights', FLOAT, [4, 3], weights),
      valueInfo('input', 'input', FLOAT, ['rows', 4]),
      valueInfo('output', 'logits', FLOAT, ['rows', 3]),
    ),
  );
}

describe.skipIf(skipsBrowser())('docs/quickstart.md', { timeout: 120_000 }, () => {
  let text: string;
  let packed: PackedPackage;
  let browser: TestBrowser;
  let frontend: Server;
  let origin: string;
  let server: ChildProcess | undefined;
  let html = '';

  beforeAll(async () => {
    text = await readFile('docs/quickstart.md', 'utf8');
    [packed, browser] = await Promise.all([packPackage(), startBrowser()]);
    await writeFile(path.join(packed.project, 'classifier.onnx'), classifier());
    frontend = createServer((_req, res) => {
      res.setHeader('content-type', 'text/html').end(html);
    }).listen(0, '127.0.0.1');
    await once(frontend, 'listening');
    origin = `http://127.0.0.1:${(frontend.address() as AddressInfo).port}`;
  }, 120_000);
  afterAll(async () => {
    if (server?.exitCode === null) {
      // npx and what it has started.
      process.kill(-(server.pid ?? 0), 'SIGINT');
      await once(server, 'exit');
    }
    frontend.close();
    await browser.close();
    await packed.remove();
  });

  /** The block after `<!-- KIND:NAME -->`. */
  const block = (kind: 'step' | 'file', name: string): string => {
    const found = new RegExp(`<!-- ${kind}:${name} -->\\s*\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(
      text,
    );
    if (!found?.[1]) throw new Error(`docs/quickstart.md has no ${kind} "${name}"`);
    return found[1];
  };
  const step = async (name: string): Promise<string> => {
    const { status, stdout, stderr } = await packed.shell(block('step', name));
    expect({ name, status, stderr: status === 0 ? '' : stdout + stderr }).toEqual({
      ...{ name, status: 0, stderr: '' },
    });
    return stdout;
  };
  const write = async (name: string, content: string): Promise<void> => {
    const file = path.join(packed.project, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  };

  it('names every step and every file', () => {
    const found = Array.from(text.matchAll(/<!-- (\w+:[\w./-]+) -->/g), ([, name]) => name);
    expect(found).toEqual([
      ...['step:init', 'step:validate', 'step:serve', 'step:install', 'file:codegen.ts'],
      ...['step:schema', 'file:src/classify.tsx', 'step:codegen', 'step:typecheck'],
    ]);
  });

  it('makes a model of the file, and starts a server whose field is typed by it', async () => {
    expect(await step('init')).toContain('models/classifier/model.yaml');
    await step('validate');
    server = spawn('bash', ['-ec', block('step', 'serve')], {
      cwd: packed.project,
      detached: true,
      env: {
        ...{ ...process.env, ...NO_DRAIN, PORT: '0', HOST: '127.0.0.1', CORS_ORIGIN: origin },
        ...{ LOG_FORMAT: 'json', npm_config_offline: 'true' },
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const port = await portOf(server);
    text = text.replaceAll('localhost:8000', `127.0.0.1:${port}`);
    const answer = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ __type(name: "Query") { fields { name } } }' }),
    });
    expect(await answer.text()).toContain('"classifier"');
  });

  it('generates the types, and the component that uses them compiles', async () => {
    // What the page installs is there from this repository; nothing is fetched.
    const packages = block('step', 'install').split(/\s+/).slice(3).filter(Boolean);
    expect(packages).toContain('typescript');
    const modules = path.join(packed.project, 'node_modules');
    for (const name of [...packages, 'react', 'react-dom', '@types/react']) {
      await mkdir(path.dirname(path.join(modules, name)), { recursive: true });
      await symlink(path.resolve('node_modules', name), path.join(modules, name));
    }
    for (const command of ['tsc', 'graphql-codegen']) {
      await symlink(
        path.resolve('node_modules/.bin', command),
        path.join(modules, '.bin', command),
      );
    }
    await write('codegen.ts', block('file', 'codegen.ts'));
    await step('schema');
    await write('src/classify.tsx', block('file', 'src/classify.tsx'));
    await step('codegen');
    await step('typecheck');
  });

  it('refuses a field that is misspelt', async () => {
    await write(
      'src/classify.tsx',
      block('file', 'src/classify.tsx').replace('?.outputs', '?.output'),
    );
    const { status, stdout } = await packed.shell(block('step', 'typecheck'));
    expect(status).not.toBe(0);
    expect(stdout).toContain("'output'");
  });

  it('shows the answer of the model in the component, loaded from another port', async () => {
    await write('src/classify.tsx', block('file', 'src/classify.tsx'));
    await write(
      'src/main.tsx',
      "import { createElement } from 'react';\nimport { createRoot } from 'react-dom/client';\n" +
        "import { Classifier } from './classify';\n" +
        "createRoot(document.getElementById('root')!).render(createElement(Classifier));\n",
    );
    const { outputFiles } = await build({
      absWorkingDir: packed.project,
      entryPoints: ['src/main.tsx'],
      ...{ bundle: true, write: false, jsx: 'automatic', format: 'iife' },
      define: { 'process.env.NODE_ENV': '"production"' },
    });
    const script = outputFiles[0]?.text.replaceAll('</script', '<\\/script') ?? '';
    html = `<!doctype html><link rel="icon" href="data:,"><div id="root"></div><script>${script}</script>`;
    const page = await browser.open(origin);
    const button = page.getByRole('button');
    await button.click();
    await page.getByRole('button', { name: /\d/ }).waitFor();
    const logits = (await button.textContent())?.split(',').map(Number) ?? [];
    for (const [i, expected] of [5.3, 3.7, 1.6].entries())
      expect(logits[i]).toBeCloseTo(expected, 4);
    expect(browser.complaints).toEqual([]);
  });
});

/** The port of a server, from its line of the log. */
function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
      const port = /"port":(\d+)[^\n]*"msg":"ready"/.exec(output)?.[1];
      if (port !== undefined) resolve(Number(port));
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', () => reject(new Error(`the server ended:\n${output}`)));
  });
}
