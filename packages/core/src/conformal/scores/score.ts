/** Plain data, validated when read; `kind` is the score's name. */
export interface ScoreJSON {
  readonly kind: string;
  readonly [key: string]: unknown;
}

/** How strange a label is for a row of class probabilities; smaller is more conforming. */
export interface ConformalScore {
  readonly name: string;
  /** True if the score of a row depends on its number u. */
  readonly randomised: boolean;
  /** The largest score that can occur with so many classes. */
  largest(classes: number): number;
  /** Throws `shape-mismatch` where the score is made for another number of classes. */
  requireClasses(classes: number): void;
  /**
   * Scores of every class for rows `begin .. end` of row-major probabilities, written to `out` from its start.
   * `u` has one number a row of the whole matrix.
   */
  scoreRows(
    probabilities: Float64Array,
    classes: number,
    begin: number,
    end: number,
    u: Float64Array,
    out: Float64Array,
  ): void;
  toJSON(): ScoreJSON;
}
