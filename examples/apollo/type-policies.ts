import type { TypePolicies, TypePolicy } from '@apollo/client';

/** Fields that several queries ask for are collected: all of them are of one thing. */
const COLLECTED: TypePolicy = { merge: true };

/** What comes replaces what was there: half of an older value would be wrong beside it. */
const REPLACED: TypePolicy = { merge: false };

/**
 * How Apollo Client keeps what has no `id`. Types with one (models, versions, predictions) need no
 * policy: the cache finds them by it.
 */
export const typePolicies: TypePolicies = {
  Batching: COLLECTED,
  DriftReport: COLLECTED,
  Health: COLLECTED,
  LatencyFigures: COLLECTED,
  Metrics: COLLECTED,
  ModelComparison: COLLECTED,
  Signature: COLLECTED,
  Timings: COLLECTED,

  BatchPrediction: REPLACED,
  DriftAlert: REPLACED,
  DriftReference: REPLACED,
  DriftTest: REPLACED,
  LoadProgress: REPLACED,
  ModelEvent: REPLACED,
  OutcomeComparison: REPLACED,
  OutcomeReport: REPLACED,
  SuccessRate: REPLACED,
  TrafficShare: REPLACED,
};
