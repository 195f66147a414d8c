/** What a principal may be allowed to do. */
export const SCOPES = [
  'predict',
  'models:read',
  'metrics:read',
  'outcomes:write',
  'models:admin',
  'access:admin',
] as const;

/** One permission; it may be limited to named models. */
export type Scope = (typeof SCOPES)[number];

/** Who makes a call. */
export interface Principal {
  /** Unique, and safe to log. */
  readonly id: string;
  /** Name for people. */
  readonly name: string;
  /**
   * Names everything that this principal can see: principals of the same view get equal answers to
   * reads, so that work may be shared among them.
   */
  readonly view: string;
  /**
   * Whether a scope is granted.
   *
   * @param model name of the model that is touched; left out where no single model is
   */
  allows(scope: Scope, model?: string): boolean;
}

/** Who calls where nobody has to say who they are: everything is allowed. */
export const ANONYMOUS: Principal = {
  id: 'anonymous',
  name: 'anonymous',
  view: '*',
  allows: () => true,
};

/** The server itself: warm-up, shadows and the command line. */
export const INTERNAL: Principal = { ...ANONYMOUS, id: 'internal', name: 'internal' };
