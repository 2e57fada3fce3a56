/**
 * What a metric gives where its formula is 0 / 0, such as the precision of a model that never predicts the positive class.
 *
 * The default is NaN, because no number would be true; a report turns it into null. Give 0 for scikit-learn's default.
 */
export interface UndefinedOption {
  readonly undefinedAs?: number | undefined;
}

/** `numerator / denominator`, or the undefined value where the denominator is 0. */
export function ratio(numerator: number, denominator: number, options?: UndefinedOption): number {
  return denominator === 0 ? undefinedValue(options) : numerator / denominator;
}

export function undefinedValue(options?: UndefinedOption): number {
  return options?.undefinedAs ?? Number.NaN;
}
