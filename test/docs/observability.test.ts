import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { skipsPrometheus } from '../support/prometheus.ts';
import { freePort } from '../support/redis-server.ts';

const text = readFileSync('docs/observability.md', 'utf8');

/** The shell commands of the page, in their order. */
const commands = Array.from(text.matchAll(/```sh\n([\s\S]*?)```/g), ([, code = '']) => code.trim());

describe('docs/observability.md', () => {
  const running: ChildProcess[] = [];
  const folder = mkdtempSync(path.join(tmpdir(), 'observability-'));
  let ports: Readonly<Record<'8000' | '4318' | '9090', number>>;

  beforeAll(async () => {
    ports = { '8000': await freePort(), '4318': await freePort(), '9090': await freePort() };
  });
  afterAll(async () => {
    for (const child of running) {
      if (child.exitCode !== null) continue;
      // The shell has children of its own: all of its group end.
      process.kill(-(child.pid ?? 0), 'SIGKILL');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  });

  const local = (command = '') =>
    Object.entries(ports).reduce(
      (code, [port, free]) => code.replaceAll(port, String(free)),
      command,
    );

  /** Starts a command of the page, and gives its output once `sign` is in it. */
  const start = async (command: string, sign: RegExp, env: Record<string, string> = {}) => {
    const child = spawn('bash', ['-c', local(command)], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    running.push(child);
    const output: { text: string; changed: () => void } = { text: '', changed: () => undefined };
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output.text += chunk.toString();
        output.changed();
      });
    }
    const until = (pattern: RegExp) =>
      new Promise<string>((resolve, reject) => {
        const look = () => {
          if (pattern.test(output.text)) resolve(output.text);
        };
        output.changed = look;
        child.once('exit', () => reject(new Error(`${command} ended:\n${output.text}`)));
        look();
      });
    await until(sign);
    return until;
  };

  it.skipIf(skipsPrometheus())(
    'leads from nothing to a trace and a panel',
    async () => {
      const [printTraces = '', server = '', ask = '', prometheus = '', panel = ''] = commands;
      const printed = await start(printTraces, /waiting for traces/, {
        PORT: String(ports['4318']),
      });
      await start(server, /"msg":"ready"/, { PORT: String(ports['8000']), HOST: '127.0.0.1' });
      const predict = () => {
        const { stdout } = spawnSync('bash', ['-c', local(ask)]);
        return JSON.parse(stdout.toString()) as { cached: boolean };
      };
      expect(predict().cached).toBe(false);
      expect(predict().cached).toBe(true);
      const traces = await printed(/trace [\s\S]*trace [\s\S]*\n\n/);
      expect(traces).toMatch(
        /POST \/predict \([\s\S]*policies[\s\S]*predict banking77[\s\S]*batch \(.*1 links\)\n +engine run/,
      );

      const config = readFileSync('deploy/observability/prometheus-local.yml', 'utf8');
      const file = path.join(folder, 'prometheus.yml');
      const rules = path.resolve('deploy/observability/rules');
      writeFileSync(file, local(config).replaceAll('- rules/', `- ${rules}/`));
      const options = `--storage.tsdb.path=${folder}/data --web.listen-address=127.0.0.1:9090`;
      await start(
        `${prometheus.replace(/--config\.file=\S+/, `--config.file=${file}`)} ${options}`,
        /ready to receive web requests/,
      );
      let shown = '';
      while (!shown.includes('{outcome="success"} => ')) {
        predict();
        shown = spawnSync('bash', ['-c', local(panel)]).stdout.toString();
      }
      expect(shown).toContain('outcome="error"');
    },
    90_000,
  );
});
