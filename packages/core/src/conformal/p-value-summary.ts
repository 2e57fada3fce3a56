import type { Matrix } from '../data/matrix.ts';

/** What p-values say of each row's likeliest label. */
export interface PValueSummary {
  /** Code of the label with the largest p-value; ties to the smaller code. */
  readonly predictions: Int32Array;
  /** 1 minus the second largest p-value: the largest level at which the set has one label at most. */
  readonly confidence: Float64Array;
  /** The largest p-value; small where no label fits the row. */
  readonly credibility: Float64Array;
}

/** Confidence and credibility of each row (Saunders, Gammerman, Vovk 1999). `pValues` is `rows × classes`. */
export function summarisePValues({ data, rows, columns }: Matrix): PValueSummary {
  const predictions = new Int32Array(rows);
  const confidence = new Float64Array(rows);
  const credibility = new Float64Array(rows);
  for (let row = 0, at = 0; row < rows; row++) {
    let best = Number.NEGATIVE_INFINITY;
    let second = 0;
    for (let label = 0; label < columns; label++, at++) {
      const p = data[at]!;
      if (p > best) {
        if (label > 0) second = best;
        best = p;
        predictions[row] = label;
      } else if (p > second) {
        second = p;
      }
    }
    confidence[row] = 1 - second;
    credibility[row] = columns > 0 ? best : 0;
  }
  return Object.freeze({ predictions, confidence, credibility });
}
