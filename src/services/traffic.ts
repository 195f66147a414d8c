/** A version and its share of the traffic. */
export interface TrafficShare {
  readonly version: string;
  /** 0 to 100. */
  readonly percent: number;
}

/** How requests that name no version are spread. */
export interface Traffic {
  /** Shares by version or label; what is left of 100 goes to the serving version. */
  readonly split: readonly TrafficShare[];
  readonly shadow: TrafficShare | null;
}
