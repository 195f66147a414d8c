/**
 * Processor time that this process needs for some work, in milliseconds. What else the machine does
 * meanwhile is not in it.
 */
export async function processorTimeOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
