import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of one tick in /proc; 100 ticks a second on every Linux that Node runs on. */
const TICK_MS = 10;

/**
 * Processor time that a process and those below it have used so far, in milliseconds. Unlike a
 * rate it hardly depends on what else the machine is doing.
 *
 * @returns `null` where the system does not tell (only Linux does, through /proc)
 */
export function cpuTimeMs(root: number): number | null {
  const processes = readProcesses();
  if (!processes.has(root)) return null;
  let total = 0;
  for (const [pid, { ticks }] of processes) {
    if (isBelow(pid, root, processes)) total += ticks;
  }
  return total * TICK_MS;
}

interface ProcessEntry {
  readonly parent: number;
  readonly ticks: number;
}

function isBelow(pid: number, root: number, all: ReadonlyMap<number, ProcessEntry>): boolean {
  for (let at: number | undefined = pid; at !== undefined && at > 0; at = all.get(at)?.parent) {
    if (at === root) return true;
  }
  return false;
}

function readProcesses(): Map<number, ProcessEntry> {
  const found = new Map<number, ProcessEntry>();
  try {
    for (const name of readdirSync('/proc')) {
      const entry = /^\d+$/.test(name) ? parseStat(readStat(name)) : null;
      if (entry) found.set(Number(name), entry);
    }
  } catch {
    // No /proc here.
  }
  return found;
}

function readStat(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return ''; // it has just ended
  }
}

/** Parent and used ticks from a line of /proc/PID/stat. The name in it may hold anything. */
export function parseStat(line: string): ProcessEntry | null {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number);
  if (parent === undefined || user === undefined || system === undefined) return null;
  return Number.isNaN(parent + user + system) ? null : { parent, ticks: user + system };
}
