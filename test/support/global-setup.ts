import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Programs that suites start, and the Debian packages that bring them. */
const PROGRAMS = [
  { commands: ['redis-server'], variable: undefined, debian: 'redis-server' },
  { commands: ['prometheus', 'promtool'], variable: undefined, debian: 'prometheus' },
  {
    commands: ['chromium', 'chromium-browser', 'google-chrome'],
    variable: 'CHROMIUM_PATH',
    debian: 'chromium',
  },
  {
    // Renders the Helm chart, by the functions of its templates.
    commands: ['go'],
    variable: undefined,
    debian: 'golang-go golang-github-masterminds-sprig-dev golang-gopkg-yaml.v3-dev',
  },
  // Load balancers in front of servers that are restarted.
  { commands: ['haproxy', '/usr/sbin/haproxy'], variable: undefined, debian: 'haproxy' },
  { commands: ['nginx', '/usr/sbin/nginx'], variable: undefined, debian: 'nginx' },
] as const;

const isInstalled = (command: string): boolean =>
  spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;

/**
 * Installs what the suites start and the machine lacks, where that is Debian or Ubuntu and we are
 * root. Elsewhere those suites are skipped with a line that says how to get it.
 */
function installPrograms(): void {
  const missing = PROGRAMS.filter(
    ({ commands, variable }) =>
      !(variable && process.env[variable]) && !commands.some((command) => isInstalled(command)),
  ).flatMap(({ debian }) => debian.split(' '));
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  console.error(`installing ${missing.join(', ')} for the tests`);
  const options = {
    stdio: 'ignore',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  } as const;
  try {
    execFileSync('apt-get', ['update', '-qq'], options);
    execFileSync(
      'apt-get',
      ['install', '-y', '-qq', '--no-install-recommends', ...missing],
      options,
    );
  } catch {
    console.error(`${missing.join(', ')} could not be installed; their suites are skipped`);
  }
}

/** Builds what worker threads run: plain Node cannot load TypeScript threads. */
export default function setup(): void {
  installPrograms();
  execFileSync(process.execPath, ['scripts/build.mjs', '--if-stale'], { stdio: 'inherit' });
}
