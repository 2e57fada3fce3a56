/**
 * The isotonic values of inductive Venn-Abers, from the geometry of the cumulative sum diagram.
 *
 * The calibration rows, grouped by distinct score, are points P_0 = (0, 0) and P_i = (X_i, Y_i): weight and weight of label 1
 * in the first i groups. One more row of label 1 in group i + 1 shifts the points up to i by (-1, -1), and the isotonic value
 * of that row is the slope of the lower hull where it crosses the gap: the common tangent of the hull of the shifted
 * points on the left and the hull of P_{i+1} .. P_k on the right.
 *
 * As i grows the tangent's slope never falls. So a shifted point that does not lie below the present tangent can never carry
 * a later one before a lower point does, and the right end only ever moves right: k steps in all. Turns are tested
 * by cross products of coordinates, which are whole numbers without weights, hence exact up to 2^26 rows (67 million).
 */

/** Groups of calibration rows by distinct score, ascending. */
export interface ScoreGroups {
  readonly scores: Float64Array;
  /** Rows of each group, or their weight; above 0. */
  readonly weights: Float64Array;
  /** Rows of label 1, or their weight. */
  readonly positives: Float64Array;
}

/** Isotonic values by the number of groups below: `f0[i]`, `f1[i]` for i = 0 .. k. */
export interface IsotonicValues {
  /** With an extra row of label 0 in group i; `f0[0]` = 0. */
  readonly f0: Float64Array;
  /** With an extra row of label 1 in group i + 1; `f1[k]` = 1. */
  readonly f1: Float64Array;
}

/** Both values for all places an extra row of weight 1 can take (Vovk, Petej and Fedorova, 2015, definition 2). */
export function isotonicValues({ weights, positives }: ScoreGroups): IsotonicValues {
  const count = weights.length;
  const x = cumulated(weights);
  const y = cumulated(positives);
  const f1 = new Float64Array(count + 1);
  f1[count] = 1;
  tangentSlopes(x, y, (gap, rise, run) => {
    f1[gap] = rise / run;
  });
  // Label 0 is label 1 of the diagram turned by half a turn with the labels exchanged.
  const turnedX = new Float64Array(count + 1);
  const turnedY = new Float64Array(count + 1);
  for (let i = 0; i <= count; i++) {
    turnedX[i] = x[count]! - x[count - i]!;
    turnedY[i] = turnedX[i]! - (y[count]! - y[count - i]!);
  }
  const f0 = new Float64Array(count + 1);
  tangentSlopes(turnedX, turnedY, (gap, rise, run) => {
    f0[count - gap] = (run - rise) / run;
  });
  keepOrder(f0);
  keepOrder(f1);
  return { f0, f1 };
}

function cumulated(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) sums[i + 1] = sums[i]! + values[i]!;
  return sums;
}

/** Reports the tangent over each gap i = 0 .. k - 1 between the points up to i, shifted by (-1, -1), and those from i + 1. */
function tangentSlopes(
  x: Float64Array,
  y: Float64Array,
  report: (gap: number, rise: number, run: number) => void,
): void {
  const last = x.length - 1;
  const next = suffixHulls(x, y);
  let leftX = -1;
  let leftY = -1;
  let right = 1;
  for (let gap = 0; gap < last; gap++) {
    const shiftedX = x[gap]! - 1;
    const shiftedY = y[gap]! - 1;
    const lost = right <= gap;
    if (lost) right = gap + 1;
    const below = (x[right]! - leftX) * (shiftedY - leftY) < (y[right]! - leftY) * (shiftedX - leftX);
    if (gap === 0 || lost || below) {
      leftX = shiftedX;
      leftY = shiftedY;
      for (let after = next[right]!; after > 0; after = next[right]!) {
        const turn = (x[right]! - leftX) * (y[after]! - leftY) - (y[right]! - leftY) * (x[after]! - leftX);
        if (turn > 0) break;
        right = after;
      }
    }
    report(gap, y[right]! - leftY, x[right]! - leftX);
  }
}

/** For each point the next one on the lower hull of the points from it on; 0 after the last. */
function suffixHulls(x: Float64Array, y: Float64Array): Int32Array {
  const last = x.length - 1;
  const next = new Int32Array(last + 1);
  for (let i = last - 1; i >= 1; i--) {
    let near = i + 1;
    for (let far = next[near]!; far > 0; far = next[near]!) {
      const turn = (x[near]! - x[i]!) * (y[far]! - y[i]!) - (y[near]! - y[i]!) * (x[far]! - x[i]!);
      if (turn > 0) break;
      near = far;
    }
    next[i] = near;
  }
  return next;
}

/** Fractional weights round; this keeps the values inside 0 .. 1 and in their order. Whole numbers are not touched. */
function keepOrder(values: Float64Array): void {
  let least = 0;
  for (let i = 0; i < values.length; i++) {
    least = Math.min(1, Math.max(least, values[i]!));
    values[i] = least;
  }
}
