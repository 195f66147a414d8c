import type { DriftAlert } from '../../services/drift.ts';

/** Time that the receiver may take, in milliseconds. */
const TIMEOUT_MS = 5_000;

/** Alerts that may wait for one that is being sent; more are dropped. */
const MAX_WAITING = 100;

/** Sends alerts to a URL as JSON, one after the other. */
export class DriftWebhook {
  readonly #url: string;
  readonly #onFailure: (reason: string) => void;
  readonly #waiting: DriftAlert[] = [];
  #sending = false;

  /** @param onFailure told why an alert could not be delivered */
  constructor(url: string, onFailure: (reason: string) => void) {
    this.#url = url;
    this.#onFailure = onFailure;
  }

  /** Sends an alert in its turn. Never throws, never waits. */
  send(alert: DriftAlert): void {
    if (this.#waiting.length >= MAX_WAITING) {
      this.#onFailure(`${MAX_WAITING} alerts are waiting already`);
      return;
    }
    this.#waiting.push(alert);
    if (!this.#sending) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#sending = true;
    for (let alert = this.#waiting.shift(); alert; alert = this.#waiting.shift()) {
      await this.#post(alert);
    }
    this.#sending = false;
  }

  async #post(alert: DriftAlert): Promise<void> {
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(toBody(alert)),
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await response.body?.cancel();
      if (!response.ok) this.#onFailure(`the receiver answered ${response.status}`);
    } catch (thrown) {
      // The message may hold the URL, and that a secret.
      this.#onFailure(thrown instanceof Error ? thrown.name : 'unknown error');
    }
  }
}

/** An alert as REST and webhooks write it. */
export function toBody(alert: DriftAlert): object {
  const { model, version, state, previous, columns, severity, predictions, message } = alert;
  return {
    model,
    version,
    state,
    previous_state: previous,
    columns,
    severity: Math.round(severity * 1000) / 1000,
    predictions,
    message,
    timestamp: new Date(alert.timestamp).toISOString(),
  };
}
