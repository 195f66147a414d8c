/** What a caller has used since the start of the replica that answers. */
export interface PrincipalUsage {
  /** Id of a key, `token:…` or `address:…`; `others` for those that have long been silent. */
  readonly id: string;
  /** Name for people. */
  readonly name: string;
  /** Calls that made predictions. */
  readonly calls: number;
  /** Predictions asked for, cached ones too. */
  readonly rows: number;
  /** Its share of what the engines computed, in milliseconds. */
  readonly computeMs: number;
  /** Calls that its rate refused. */
  readonly refused: number;
  /** Milliseconds since 1970. */
  readonly lastUsedAt: number;
}
