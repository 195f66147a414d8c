import { ServiceError } from '../errors.ts';
import type { Call } from '../services/call.ts';
import type { Scope } from '../services/principal.ts';
import type { Services } from '../services/services.ts';
import { type ScopeRule, SERVICE_SCOPES } from './service-scopes.ts';

type Method = (call: Call, ...args: unknown[]) => unknown;

/**
 * Wraps every method of every service so that its scope is asked for before it runs, from the one
 * table {@link SERVICE_SCOPES}. Nothing else is handed to the APIs.
 */
export function guardServices(services: Services): Services {
  const guarded: Record<string, Record<string, Method>> = {};
  for (const [name, rules] of Object.entries(SERVICE_SCOPES)) {
    const service = services[name as keyof Services] as unknown as Record<string, Method>;
    guarded[name] = Object.fromEntries(
      Object.entries(rules as Record<string, ScopeRule>).map(([method, rule]) => [
        method,
        guardMethod(service, method, rule),
      ]),
    );
  }
  return guarded as unknown as Services;
}

function guardMethod(
  service: Record<string, Method>,
  method: string,
  { scope, model }: ScopeRule,
): Method {
  const modelOf = model as ((...args: unknown[]) => string | undefined) | undefined;
  return (call, ...args) => {
    const named = modelOf?.(...args);
    if (scope !== null && !call.principal.allows(scope, named)) throw forbidden(scope, named);
    return service[method]?.(call, ...args);
  };
}

function forbidden(scope: Scope, model: string | undefined): ServiceError {
  const where = model === undefined ? '' : ` for model "${model}"`;
  return new ServiceError('FORBIDDEN', `The credentials lack the scope ${scope}${where}.`, {
    details: { scope },
  });
}
