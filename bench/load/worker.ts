import { flood } from './flood.ts';
import { lone } from './lone.ts';
import type { LoadAnswer, LoadJob } from './protocol.ts';

/** Entry of the load process: one job at a time, over the channel to the parent. */
process.on('message', (job: LoadJob) => {
  const run = job.kind === 'lone' ? lone(job) : flood(job);
  run.then(
    (measurement) => send({ ok: true, measurement }),
    (error: unknown) => send({ ok: false, message: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));

function send(answer: LoadAnswer): void {
  process.send?.(answer);
}
