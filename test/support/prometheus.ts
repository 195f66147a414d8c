import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { freePort } from './redis-server.ts';

const RULES = path.join(import.meta.dirname, '../../deploy/observability/rules');

/**
 * Whether the tests of Prometheus must be skipped, with a line that says so.
 *
 * @throws {Error} with `CI=true`, where a skip is a failure
 */
export function skipsPrometheus(): boolean {
  try {
    for (const program of ['prometheus', 'promtool']) {
      execFileSync(program, ['--version'], { stdio: 'ignore' });
    }
    return false;
  } catch {
    const how = 'install it, as with `apt-get install prometheus`';
    if (process.env.CI === 'true') throw new Error(`Tests need prometheus; ${how}.`);
    console.warn(`Skipped, as there is no prometheus: ${how}.`);
    return true;
  }
}

/** One series of an answer, with its values as [seconds since 1970, value]. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, number])[];
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data: {
    readonly result: readonly {
      readonly metric: Record<string, string>;
      readonly value?: [number, string];
      readonly values?: [number, string][];
    }[];
  };
}

/** A real Prometheus that scrapes a server every second and follows the shipped rules. */
export class PrometheusServer implements AsyncDisposable {
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(url: string, child: ChildProcess, folder: string) {
    this.url = url;
    this.#process = child;
    this.#folder = folder;
  }

  /** Starts one that scrapes `target` (`host:port`); it answers when the promise resolves. */
  static async start(target: string): Promise<PrometheusServer> {
    const folder = mkdtempSync(path.join(tmpdir(), 'prometheus-'));
    const config = {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: [`${RULES}/recording.yml`, `${RULES}/alerts.yml`],
      scrape_configs: [
        {
          job_name: 'ml-inference-api',
          metrics_path: '/metrics/prometheus',
          static_configs: [{ targets: [target] }],
        },
      ],
    };
    writeFileSync(path.join(folder, 'prometheus.yml'), stringify(config));
    const address = `127.0.0.1:${await freePort()}`;
    const child = spawn(
      'prometheus',
      [
        `--config.file=${folder}/prometheus.yml`,
        `--storage.tsdb.path=${folder}/data`,
        `--web.listen-address=${address}`,
        '--enable-feature=exemplar-storage',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    await new Promise<void>((resolve, reject) => {
      let log = '';
      child.stderr.on('data', (chunk: Buffer) => {
        log += chunk.toString();
        if (log.includes('Server is ready to receive web requests')) resolve();
      });
      child.on('error', reject);
      child.on('exit', () => reject(new Error(`prometheus did not start:\n${log}`)));
    });
    return new PrometheusServer(`http://${address}`, child, folder);
  }

  /** The value of every series of a query now. */
  query(expr: string): Promise<readonly Series[]> {
    return this.#ask('query', { query: expr });
  }

  /** The values of every series of a query from `start` to `end` (seconds since 1970). */
  range(expr: string, start: number, end: number, step = 1): Promise<readonly Series[]> {
    return this.#ask('query_range', {
      query: expr,
      start: String(start),
      end: String(end),
      step: String(step),
    });
  }

  /** Any other part of its API. */
  async get(part: string): Promise<unknown> {
    return (await fetch(`${this.url}/api/v1/${part}`)).json();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null) {
      this.#process.kill('SIGKILL');
      await once(this.#process, 'exit');
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #ask(part: string, parameters: Record<string, string>): Promise<readonly Series[]> {
    const query = new URLSearchParams(parameters).toString();
    const answer = (await this.get(`${part}?${query}`)) as Answer;
    if (answer.status !== 'success') throw new Error(answer.error ?? 'the query failed');
    return answer.data.result.map(({ metric, value, values }) => ({
      metric,
      values: (values ?? (value ? [value] : [])).map(([at, text]) => [at, Number(text)] as const),
    }));
  }
}
