/** What a principal may be allowed to do. */
export const SCOPES = [
  'predict',
  'models:read',
  'metrics:read',
  'outcomes:write',
  'models:admin',
  'access:admin',
  'documents:any',
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
  /** Whether a scope is granted for every model, those that come later too. */
  allowsAll(scope: Scope): boolean;
  /** Whether a model exists for it: one that it may do nothing with does not. */
  sees(model: string): boolean;
  /** Share of its turns while others wait too. */
  readonly weight: number;
  /**
   * Calls `listener` once when the credential ends; left out where there is none that could.
   *
   * @returns stops watching
   */
  onEnd?(listener: () => void): () => void;
  /** Whom reports of outcomes are accepted from: who made the prediction. */
  readonly owner: string;
}

/** Who calls until it is known who it is: nothing is allowed. */
export const NOBODY: Principal = {
  id: 'nobody',
  name: 'nobody',
  view: '',
  owner: 'nobody',
  weight: 1,
  allows: () => false,
  allowsAll: () => false,
  sees: () => false,
};

/** The server itself: warm-up, shadows and the command line. */
export const INTERNAL: Principal = {
  id: 'internal',
  name: 'internal',
  view: '*',
  owner: 'internal',
  weight: 1,
  allows: () => true,
  allowsAll: () => true,
  sees: () => true,
};
