/** For precision-recall: x recall, y precision. For ROC: x false positive rate, y true positive rate. */
export interface CurvePoint {
  readonly x: number;
  readonly y: number;
}

/** Pointwise bands: each point has its own interval, the whole curve leaves them more often. */
export interface BandPoint {
  readonly x: number;
  readonly y: number | null;
  readonly low: number | null;
  readonly high: number | null;
}
