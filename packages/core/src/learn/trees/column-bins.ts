/** A column of the rows, cut into bins. */
export interface ColumnBins {
  /** Smallest and largest training value of each bin, ascending; the missing bin is not among them. */
  readonly lows: Float64Array;
  readonly highs: Float64Array;
  /** Whether training rows miss the value; then their byte is 0 and values start at byte 1. */
  readonly missing: boolean;
}
