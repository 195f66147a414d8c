import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { freePort } from '../support/redis-server.ts';
import { REPLICA_HEADER } from './loads.ts';

/** A load balancer in front of two servers. */
export interface Proxy extends AsyncDisposable {
  readonly url: string;
  /** Requests that a server has lost, as the proxy's log tells; it may have repeated them. */
  lost(): Promise<string[]>;
}

/** How a load balancer is started. */
export interface ProxyKind {
  readonly name: 'haproxy' | 'nginx';
  /** Whether it is installed. Where `CI` is set a missing one is an error. */
  readonly isInstalled: boolean;
  /** @param ports of the servers behind it, by which it names them in {@link REPLICA_HEADER} */
  start(ports: readonly number[]): Promise<Proxy>;
}

/** Where Debian puts them is not on everybody's PATH. */
const PATH = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`;

function kind(
  name: ProxyKind['name'],
  write: (port: number, ports: readonly number[], folder: string) => string,
  args: (file: string, folder: string) => string[],
): ProxyKind {
  const isInstalled = spawnSync(name, ['-v'], { env: { PATH } }).status === 0;
  if (!isInstalled) {
    const how = `install it, as with \`apt-get install ${name}\``;
    if (process.env.CI === 'true') throw new Error(`Tests need ${name}; ${how}.`);
    console.warn(`Skipped, as there is no ${name}: ${how}.`);
  }
  return {
    name,
    isInstalled,
    async start(ports) {
      const folder = await mkdtemp(path.join(os.tmpdir(), `${name}-`));
      const port = await freePort();
      const file = path.join(folder, `${name}.conf`);
      await writeFile(file, write(port, ports, folder));
      const child = spawn(name, args(file, folder), {
        env: { PATH },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let output = '';
      child.stderr.on('data', (piece: Buffer) => (output += piece.toString()));
      const exit = once(child, 'exit');
      const url = `http://127.0.0.1:${port}`;
      while (!(await answers(url))) {
        if (child.exitCode !== null) throw new Error(`${name} did not start:\n${output}`);
      }
      return {
        url,
        lost: async () => {
          const log = await readFile(path.join(folder, 'errors.log'), 'utf8').catch(() => '');
          return log.split('\n').filter((line) => /reset by peer|prematurely closed/.test(line));
        },
        [Symbol.asyncDispose]: async () => {
          child.kill('SIGTERM');
          await exit;
          await rm(folder, { recursive: true, force: true });
        },
      };
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/readyz`);
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

/** Asks each server whether it is ready, every 100 ms. */
export const haproxy = kind(
  'haproxy',
  (port, ports) => `
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout tunnel 60s
  timeout check 10s
  option redispatch
frontend clients
  bind 127.0.0.1:${port}
  default_backend servers
backend servers
  balance roundrobin
  option httpchk GET /readyz
  http-response set-header ${REPLICA_HEADER} %s
  default-server check inter 100ms fall 1 rise 1
${ports.map((each) => `  server ${each} 127.0.0.1:${each}`).join('\n')}
`,
  (file) => ['-db', '-f', file],
);

/**
 * Asks nobody: it learns that a server has gone when it is refused a connection, and that one is not
 * ready when it answers 503. What it repeats for other reasons stands in its log.
 */
export const nginx = kind(
  'nginx',
  (port, ports, folder) => `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/errors.log error;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path ${folder}/bodies;
  proxy_temp_path ${folder}/answers;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  upstream servers {
${ports.map((each) => `    server 127.0.0.1:${each} max_fails=0;`).join('\n')}
    keepalive 64;
  }
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  map $upstream_addr $replica { default ''; ${ports.map((each) => `127.0.0.1:${each} ${each};`).join(' ')} }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://servers;
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_next_upstream error timeout http_503 non_idempotent;
      proxy_buffering off;
      add_header ${REPLICA_HEADER} $replica;
    }
  }
}
`,
  (file, folder) => ['-p', folder, '-c', file],
);
