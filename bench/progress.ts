const started = performance.now();

/** Tells on stderr what is going on, with the seconds since the start. */
export function progress(message: string): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(0).padStart(4);
  process.stderr.write(`${seconds} s  ${message}\n`);
}
