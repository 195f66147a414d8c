import prom from 'prom-client';
import { collectCounters, EXPOSED_METRICS, type Exposed, type Sample } from './exposed-metrics.ts';
import { processMetrics } from './process-metrics.ts';

export type { Exposed } from './exposed-metrics.ts';

/** Text formats that Prometheus reads. */
export type ExpositionFormat = 'prometheus' | 'openmetrics';

/** A metric of another part of the server that Prometheus may read. */
export interface Gauge {
  /** Full name, such as `ml_inference_redis_up`. */
  readonly name: string;
  readonly help: string;
  /** @default gauge */
  readonly type?: 'gauge' | 'counter';
  /** The value now, or one for each set of labels, whose values must be bounded. */
  read(): number | readonly Sample[];
}

/**
 * Prints the counters as Prometheus text. They are read when someone asks: nothing is done for
 * Prometheus while predictions run.
 */
export class Exposition {
  readonly #exposed: () => Iterable<Exposed>;
  /** Counted from the start on, not from the first time that someone asks. */
  readonly #process = processMetrics();
  readonly #gauges: Gauge[] = [];
  readonly #registries = new Map<ExpositionFormat, prom.Registry<prom.RegistryContentType>>();

  /** `exposed` lists the counters of every model version. */
  constructor(exposed: () => Iterable<Exposed>) {
    this.#exposed = exposed;
  }

  /** Adds a gauge. */
  watch(gauge: Gauge): void {
    this.#gauges.push(gauge);
    for (const registry of this.#registries.values()) this.#registerGauge(registry, gauge);
  }

  /** The text and its content type. */
  async print(format: ExpositionFormat): Promise<{ contentType: string; body: string }> {
    const registry = this.#registry(format);
    return { contentType: registry.contentType, body: await registry.metrics() };
  }

  /** Drops the registries. */
  close(): void {
    for (const registry of this.#registries.values()) registry.clear();
    this.#registries.clear();
  }

  /** One registry for each format, as prom-client renames counters once they were OpenMetrics. */
  #registry(format: ExpositionFormat): prom.Registry<prom.RegistryContentType> {
    const known = this.#registries.get(format);
    if (known) return known;
    const registry = new prom.Registry<prom.RegistryContentType>();
    registry.setContentType(
      format === 'openmetrics'
        ? prom.Registry.OPENMETRICS_CONTENT_TYPE
        : prom.Registry.PROMETHEUS_CONTENT_TYPE,
    );
    this.#registries.set(format, registry);
    for (const { read, ...description } of this.#process) register(registry, description, read);
    for (const { name, help, type } of EXPOSED_METRICS) {
      register(registry, { name, help, type }, () => collectCounters(name, this.#exposed()));
    }
    for (const gauge of this.#gauges) this.#registerGauge(registry, gauge);
    return registry;
  }

  #registerGauge(registry: prom.Registry<prom.RegistryContentType>, gauge: Gauge): void {
    const { name, help, type = 'gauge' } = gauge;
    register(registry, { name, help, type }, () => {
      const read = gauge.read();
      return typeof read === 'number' ? [{ value: read, labels: {} }] : read;
    });
  }
}

/**
 * Registers a metric whose samples are read at each scrape. prom-client asks a metric only for its
 * name, help, type and `get()`; its own classes would keep a second copy of every count.
 */
function register(
  registry: prom.Registry<prom.RegistryContentType>,
  description: { name: string; help: string; type: string },
  samples: () => readonly Sample[] | Promise<readonly Sample[]>,
): void {
  const metric = {
    ...description,
    async get(): Promise<object> {
      // `this.name`, since prom-client takes the suffix `_total` off it for OpenMetrics.
      return { ...description, name: this.name, values: await samples() };
    },
  };
  registry.registerMetric(metric as unknown as prom.Gauge);
}
