import { randomUUID } from 'node:crypto';
import {
  ATTR_SERVICE_INSTANCE_ID,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
} from '@opentelemetry/semantic-conventions';

/** Most attributes that are taken from the environment. */
const MAX_ATTRIBUTES = 64;

/**
 * What every span says of its process: name, version and instance of the service, and whatever
 * `OTEL_RESOURCE_ATTRIBUTES` adds (`key=value,key=value`, percent-encoded where needed).
 */
export function resourceAttributes(
  config: {
    readonly otelServiceName: string | undefined;
    readonly otelResourceAttributes: string | undefined;
  },
  serverVersion: string,
): Record<string, string> {
  const given = Object.fromEntries(
    (config.otelResourceAttributes ?? '')
      .split(',')
      .slice(0, MAX_ATTRIBUTES)
      .flatMap((pair) => {
        const at = pair.indexOf('=');
        const key = pair.slice(0, at).trim();
        return at > 0 && key !== '' ? [[key, decode(pair.slice(at + 1).trim())]] : [];
      }),
  ) as Record<string, string>;
  return {
    [ATTR_SERVICE_NAME]: 'ml-inference-api',
    [ATTR_SERVICE_VERSION]: serverVersion,
    [ATTR_SERVICE_INSTANCE_ID]: randomUUID(),
    ...given,
    ...(config.otelServiceName !== undefined && { [ATTR_SERVICE_NAME]: config.otelServiceName }),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
