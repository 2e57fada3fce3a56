/** Least and greatest value of each column among some rows. */
export interface ColumnRanges {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

export function columnRanges(values: Float64Array, columns: number, rows: Int32Array): ColumnRanges {
  const low = new Float64Array(columns).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(columns).fill(Number.NEGATIVE_INFINITY);
  for (const row of rows) {
    for (let f = 0, at = row * columns; f < columns; f++, at++) {
      const value = values[at]!;
      if (value < low[f]!) low[f] = value;
      if (value > high[f]!) high[f] = value;
    }
  }
  return { low, high };
}

/** Where both have values: from the greater of the lows to the lesser of the highs; empty where low is above high. */
export function overlapOf(a: ColumnRanges, b: ColumnRanges): ColumnRanges {
  return {
    low: a.low.map((low, f) => Math.max(low, b.low[f]!)),
    high: a.high.map((high, f) => Math.min(high, b.high[f]!)),
  };
}
