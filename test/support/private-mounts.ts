import { spawnSync } from 'node:child_process';

/**
 * Runs programs with mounts of their own, which nobody else sees and which end with them: in a mount
 * namespace of Linux, as root or with a user namespace where root is not at hand.
 */
const FLAGS = process.getuid?.() === 0 ? ['--mount'] : ['--user', '--map-root-user', '--mount'];

/** Whether this machine lets tests mount. */
export const canMount =
  spawnSync('unshare', [...FLAGS, 'sh', '-c', 'mount -t tmpfs tmpfs /mnt']).status === 0;

if (!canMount) {
  const how = 'they need unshare and mount (util-linux) on Linux, as root or with user namespaces';
  if (process.env.CI === 'true') throw new Error(`Tests mount folders of their own: ${how}.`);
  console.warn(`Skipped, as nothing can be mounted here: ${how}.`);
}

/**
 * The command that mounts and then becomes another program.
 *
 * @param mounts shell commands; they fail as a whole
 * @param program words of the program
 */
export function withMounts(
  mounts: readonly string[],
  program: readonly string[],
): { readonly command: string; readonly args: readonly string[] } {
  const script = [...mounts, 'exec "$@"'].join(' && ');
  return { command: 'unshare', args: [...FLAGS, 'sh', '-ec', script, 'sh', ...program] };
}
