import { describe, expect, it } from 'vitest';
import { Metrics } from '../../src/telemetry/metrics.ts';

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Family {
  readonly type: string;
  readonly samples: Sample[];
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/gy;

/** Reads the text as strictly as Prometheus does. */
function parse(body: string, format: 'prometheus' | 'openmetrics'): Map<string, Family> {
  const lines = body.split('\n');
  expect(lines.pop()).toBe('');
  if (format === 'openmetrics') expect(lines.pop()).toBe('# EOF');
  const families = new Map<string, Family>();
  let current: { name: string; family: Family } | undefined;
  for (const line of lines) {
    if (line === '') {
      expect(format).toBe('prometheus');
    } else if (line.startsWith('# TYPE ')) {
      const [, , name = '', type = ''] = line.split(' ');
      expect(families.has(name), `${name} is described once`).toBe(false);
      current = { name, family: { type, samples: [] } };
      families.set(name, current.family);
    } else if (!line.startsWith('# HELP ')) {
      const [, name = '', labelText = '', value = ''] = SAMPLE.exec(line) ?? [];
      expect(name, line).not.toBe('');
      const suffixes = current!.family.type === 'histogram' ? '_bucket|_sum|_count' : '';
      const suffix = format === 'openmetrics' && current!.family.type === 'counter' ? '_total' : '';
      expect(name, line).toMatch(new RegExp(`^${current!.name}(${suffixes || suffix})$`));
      const labels: Record<string, string> = {};
      let read = 0;
      for (const match of labelText.matchAll(LABEL)) {
        labels[match[1]!] = match[2]!;
        read += match[0].length;
      }
      expect(read, line).toBe(labelText.length);
      expect(Number.isNaN(Number(value)) ? value : 'number', line).toMatch(
        /^(number|NaN|[+-]Inf)$/i,
      );
      current!.family.samples.push({ name, labels, value: Number(value) });
    }
  }
  return families;
}

function countedMetrics(): Metrics {
  const metrics = new Metrics();
  const recorder = metrics.recorder('odd "name"\\\n', '1');
  recorder.watchQueue(() => 4);
  for (const ms of [1, 5, 20, 20_000]) {
    recorder.started();
    recorder.succeeded(ms);
  }
  recorder.started();
  recorder.failed('DEADLINE_EXCEEDED', 30_000);
  recorder.started();
  recorder.batch(3, 12);
  recorder.batch(2_000, 500);
  recorder.queueWait(2);
  recorder.cacheHit('memory', 0.1);
  recorder.cacheHit('redis', 0.1);
  recorder.cacheMiss('redis', 0.1);
  recorder.workerLost();
  return metrics;
}

describe.each(['prometheus', 'openmetrics'] as const)('%s text', (format) => {
  const suffix = format === 'openmetrics' ? '' : '_total';

  it('is well formed and has the content type of its format', async () => {
    const { contentType, body } = await countedMetrics().prometheus(format);
    expect(contentType).toMatch(
      format === 'openmetrics' ? /^application\/openmetrics-text; version=1/ : /^text\/plain; ver/,
    );
    expect(parse(body, format).size).toBeGreaterThan(20);
  });

  it('tells every counter', async () => {
    const families = parse((await countedMetrics().prometheus(format)).body, format);
    const valueOf = (name: string, labels: Record<string, string> = {}) =>
      families
        .get(name)
        ?.samples.find((sample) =>
          Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
        )?.value;
    expect(valueOf(`ml_inference_requests${suffix}`, { outcome: 'success' })).toBe(4);
    expect(valueOf(`ml_inference_requests${suffix}`, { outcome: 'error' })).toBe(1);
    expect(valueOf(`ml_inference_errors${suffix}`, { code: 'DEADLINE_EXCEEDED' })).toBe(1);
    expect(valueOf('ml_inference_in_flight')).toBe(1);
    expect(valueOf('ml_inference_queue_rows')).toBe(4);
    expect(valueOf(`ml_inference_worker_losses${suffix}`)).toBe(1);
    const lookups = `ml_inference_cache_lookups${suffix}`;
    expect(valueOf(lookups, { tier: 'memory', result: 'hit' })).toBe(1);
    expect(valueOf(lookups, { tier: 'memory', result: 'miss' })).toBe(2);
    expect(valueOf(lookups, { tier: 'redis', result: 'hit' })).toBe(1);
    expect(valueOf(lookups, { tier: 'redis', result: 'miss' })).toBe(1);
    const [sample] = families.get('ml_inference_in_flight')!.samples;
    expect(sample?.labels.model).toBe('odd \\"name\\"\\\\\\n');
  });

  it('has histograms that grow with their bounds and end with the count', async () => {
    const families = parse((await countedMetrics().prometheus(format)).body, format);
    const histograms = [...families].filter(([name]) =>
      /^ml_inference_.*(seconds|size)$/.test(name),
    );
    expect(histograms).toHaveLength(4);
    for (const [name, { samples }] of histograms) {
      const outcomes = new Set(samples.map(({ labels }) => labels.outcome));
      for (const outcome of outcomes) {
        const each = samples.filter(({ labels }) => labels.outcome === outcome);
        const buckets = each.filter((sample) => sample.name === `${name}_bucket`);
        const bounds = buckets.map(({ labels }) => Number(labels.le!.replace('+Inf', 'Infinity')));
        const counts = buckets.map(({ value }) => value);
        expect(bounds).toEqual([...bounds].sort((a, b) => a - b));
        expect(counts).toEqual([...counts].sort((a, b) => a - b));
        expect(bounds.at(-1)).toBe(Infinity);
        expect(counts.at(-1)).toBe(each.find((sample) => sample.name === `${name}_count`)?.value);
      }
    }
    const sizes = families.get('ml_inference_batch_size')!.samples;
    expect(sizes.find(({ name }) => name.endsWith('_sum'))?.value).toBe(2_003);
  });

  it('tells of the process and its event loop', async () => {
    const { body } = await countedMetrics().prometheus(format);
    const families = parse(body, format);
    expect([...families.keys()]).toContain('nodejs_eventloop_lag_p99_seconds');
    expect([...families.keys()].some((name) => name.startsWith('process_cpu_seconds'))).toBe(true);
  });
});

describe('prometheus text', () => {
  it('stays the same after someone asked for OpenMetrics', async () => {
    const metrics = countedMetrics();
    await metrics.prometheus('openmetrics');
    await metrics.prometheus('openmetrics');
    const { body } = await metrics.prometheus('prometheus');
    expect(body).toContain('# TYPE ml_inference_requests_total counter');
    const { body: open } = await metrics.prometheus('openmetrics');
    expect(open).toContain('# TYPE ml_inference_requests counter');
  });

  it('drops the series of a forgotten version', async () => {
    const metrics = countedMetrics();
    metrics.recorder('b', '1').started();
    metrics.forget('b', '1');
    expect((await metrics.prometheus('prometheus')).body).not.toContain('model="b"');
  });

  it('reads the gauges of other parts, whenever they are added', async () => {
    const metrics = new Metrics();
    let up = 1;
    metrics.watchGauge({ name: 'ml_inference_redis_up', help: 'Redis.', read: () => up });
    expect((await metrics.prometheus('prometheus')).body).toContain('\nml_inference_redis_up 1\n');
    up = 0;
    metrics.watchGauge({ name: 'ml_inference_other', help: 'Other.', read: () => 7 });
    const { body } = await metrics.prometheus('prometheus');
    expect(body).toContain('\nml_inference_redis_up 0\n');
    expect(body).toContain('\nml_inference_other 7\n');
  });
});

describe('figures of the process', () => {
  it.each(['prometheus', 'openmetrics'] as const)(
    'count from the start of the process on, not from the first %s scrape on',
    async (format) => {
      const metrics = new Metrics();
      const turns = () => new Promise((resolve) => setTimeout(resolve, 30));
      // The delay of the event loop is told by timers: one before, and one that is late.
      await turns();
      const burnUntil = process.cpuUsage().user + 50_000;
      while (process.cpuUsage().user < burnUntil);
      await turns();
      const before = process.cpuUsage();
      const { body } = await metrics.prometheus(format);
      const read = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(body)?.[1]);
      expect(read('process_cpu_user_seconds_total')).toBeGreaterThanOrEqual(before.user / 1e6);
      expect(read('process_cpu_seconds_total')).toBeGreaterThanOrEqual(
        (before.user + before.system) / 1e6,
      );
      expect(read('nodejs_eventloop_lag_max_seconds')).toBeGreaterThan(0.02);
      expect(read('nodejs_eventloop_lag_mean_seconds')).toBeGreaterThan(0);
      metrics.close();
    },
  );
});
