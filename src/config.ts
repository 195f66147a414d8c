import { ACCESS_SETTINGS } from './settings/access-settings.ts';
import { CACHE_SETTINGS } from './settings/cache-settings.ts';
import { CAPTURE_SETTINGS } from './settings/capture-settings.ts';
import { LIMITS_SETTINGS } from './settings/limits-settings.ts';
import { MODELS_SETTINGS } from './settings/models-settings.ts';
import { SERVER_SETTINGS } from './settings/server-settings.ts';
import { TELEMETRY_SETTINGS } from './settings/telemetry-settings.ts';
import type { SettingDefinition } from './settings/setting.ts';

export { TRACE_SAMPLERS } from './settings/telemetry-settings.ts';

/** The settings by topic, in the order of the documentation. */
export const SETTINGS_BY_TOPIC = {
  Server: SERVER_SETTINGS,
  Models: MODELS_SETTINGS,
  Cache: CACHE_SETTINGS,
  Limits: LIMITS_SETTINGS,
  'Access and rates': ACCESS_SETTINGS,
  'Drift, requests and traces': TELEMETRY_SETTINGS,
  Capture: CAPTURE_SETTINGS,
} as const;

/**
 * Every setting of the server, read once from the environment: key in {@link Config} → how it is read
 * and documented. The tables in docs/configuration.md and in the README are generated from here
 * (`npm run docs`).
 */
export const SETTINGS = {
  ...SERVER_SETTINGS,
  ...MODELS_SETTINGS,
  ...CACHE_SETTINGS,
  ...LIMITS_SETTINGS,
  ...ACCESS_SETTINGS,
  ...TELEMETRY_SETTINGS,
  ...CAPTURE_SETTINGS,
} as const;

type Value<S> = S extends SettingDefinition<infer T> ? T : never;

/** All settings, parsed and checked. Sizes are in bytes, times in the unit of their name. */
export type Config = { readonly [K in keyof typeof SETTINGS]: Value<(typeof SETTINGS)[K]> };

/** Raised by {@link loadConfig}; `problems` holds a part for each bad setting. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`Bad configuration: ${problems.join('; ')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/**
 * Reads every setting from `env`; an empty variable counts as unset.
 *
 * @throws {ConfigError} naming every bad setting at once, with what is allowed.
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>>,
  overrides: Partial<Config> = {},
): Config {
  const problems: string[] = [];
  const config: Record<string, unknown> = {};
  for (const [key, definition] of Object.entries(SETTINGS)) {
    const given = env[definition.env];
    const raw = given === undefined || given === '' ? definition.fallback : given;
    if (raw === null) continue;
    const parsed = definition.schema.safeParse(raw);
    if (parsed.success) config[key] = parsed.data;
    else {
      const reasons = parsed.error.issues.map((issue) => issue.message).join('; ');
      // A password in a URL must not end up in the log.
      const shown = JSON.stringify(raw.replace(/\/\/.*@/, '//***@'));
      problems.push(`${definition.env}=${shown}: ${reasons}`);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return { ...(config as unknown as Config), ...overrides };
}
