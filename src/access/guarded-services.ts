import { ServiceError, toServiceError } from '../errors.ts';
import { type Call, internalCall } from '../services/call.ts';
import type { Scope } from '../services/principal.ts';
import type { Services } from '../services/services.ts';
import type { AuditLog } from './audit-log.ts';
import { type ScopeRule, SERVICE_SCOPES } from './service-scopes.ts';

type Method = (call: Call, ...args: unknown[]) => unknown;

/** Options of {@link guardServices}. */
export interface GuardOptions {
  /** Where changes are written down, refused ones too. @default nowhere */
  readonly audit?: AuditLog | undefined;
}

/**
 * Wraps every method of every service so that its scope is asked for before it runs, from the one
 * table {@link SERVICE_SCOPES}. Nothing else is handed to the APIs.
 */
export function guardServices(services: Services, options: GuardOptions = {}): Services {
  const guarded: Record<string, Record<string, Method>> = {};
  for (const [name, rules] of Object.entries(SERVICE_SCOPES)) {
    const service = services[name as keyof Services] as unknown as Record<string, Method>;
    guarded[name] = Object.fromEntries(
      Object.entries(rules as Record<string, ScopeRule>).map(([method, rule]) => {
        const guard = guardMethod(services, service, method, rule);
        const isChange = rule.scope?.endsWith(':admin') === true && rule.isRead !== true;
        if (!isChange || !options.audit) return [method, guard];
        return [method, audited(guard, `${name}.${method}`, rule, options.audit)];
      }),
    );
  }
  return guarded as unknown as Services;
}

function guardMethod(
  services: Services,
  service: Record<string, Method>,
  method: string,
  { scope, model, default: fallback }: ScopeRule,
): Method {
  const modelOf = model as ((...args: unknown[]) => string | undefined) | undefined;
  return (call, ...args) => {
    const { principal } = call;
    if (scope === null) return service[method]?.(call, ...args);
    let named = modelOf?.(...args);
    if (named === undefined) {
      if (!principal.allows(scope)) throw forbidden(scope);
      // Who may use some models only has a default among those.
      if (fallback && !principal.allowsAll(scope)) {
        const allowed = allowedModels(services, call, scope);
        const [first, ...rest] = args;
        if (fallback === 'each') {
          return Promise.all(
            allowed.map((each) => Promise.resolve(service[method]?.(call, each, ...rest))),
          ).then((answers) => answers.flat());
        }
        named = allowed[0];
        if (named === undefined) throw notFound(undefined, allowed);
        return service[method]?.(call, { ...(first as object), model: named }, ...rest);
      }
    } else if (!principal.allows(scope, named)) {
      // What somebody may do nothing with does not exist for him.
      const isKnown = principal.sees(named) && exists(services, named);
      throw isKnown || !principal.allows(scope)
        ? forbidden(scope, named)
        : notFound(named, allowedModels(services, call, scope));
    } else if (!principal.allowsAll(scope) && !exists(services, named)) {
      throw notFound(named, allowedModels(services, call, scope));
    }
    return service[method]?.(call, ...args);
  };
}

/** Writes down who did what, and how it went. */
function audited(method: Method, action: string, rule: ScopeRule, audit: AuditLog): Method {
  const modelOf = rule.model as ((...args: unknown[]) => string | undefined) | undefined;
  return (call, ...args) => {
    const entry = { call, action, model: modelOf?.(...args) };
    try {
      const answer = method(call, ...args);
      if (!(answer instanceof Promise)) {
        audit.write(entry, 'OK');
        return answer;
      }
      return answer.then(
        (settled: unknown) => {
          audit.write(entry, 'OK');
          return settled;
        },
        (thrown: unknown) => {
          audit.write(entry, toServiceError(thrown).code);
          throw thrown;
        },
      );
    } catch (thrown) {
      audit.write(entry, toServiceError(thrown).code);
      throw thrown;
    }
  };
}

/** Names of the models that a scope is granted for, the default model first. */
function allowedModels(services: Services, { principal }: Call, scope: Scope): readonly string[] {
  return services.models
    .list(INTERNAL_CALL)
    .filter(({ name }) => principal.allows(scope, name))
    .sort((a, b) => Number(b.isDefault) - Number(a.isDefault))
    .map(({ name }) => name);
}

const INTERNAL_CALL = internalCall('guard');

function exists(services: Services, model: string): boolean {
  return services.models.get(INTERNAL_CALL, model) !== undefined;
}

function forbidden(scope: Scope, model?: string): ServiceError {
  const where = model === undefined ? '' : ` for model "${model}"`;
  return new ServiceError('FORBIDDEN', `The credentials lack the scope ${scope}${where}.`, {
    details: { scope },
  });
}

function notFound(model: string | undefined, allowed: readonly string[]): ServiceError {
  const served = allowed.map((name) => `"${name}"`).join(', ') || 'none';
  const what = model === undefined ? 'There is no model' : `There is no model "${model}"`;
  return new ServiceError('MODEL_NOT_FOUND', `${what}; served: ${served}.`);
}
