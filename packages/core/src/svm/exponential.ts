/** 2^(j / 32), by square roots and products only, which every engine rounds alike. */
const FRACTIONS = Float64Array.from({ length: 32 }, (_, j) => {
  let power = 1;
  let root = Math.sqrt(2);
  for (let bit = 16; bit >= 1; bit /= 2) {
    if (j & bit) power *= root;
    root = Math.sqrt(root);
  }
  return power;
});

/** 2^-e. */
const POWERS = new Float64Array(1076).fill(1);
for (let e = 1; e < POWERS.length; e++) POWERS[e] = POWERS[e - 1]! / 2;

const STEPS = 32 / Math.LN2;
/** ln 2 / 32 in two parts, the first so short that its products with whole numbers below 2^20 are exact. */
const STEP_HIGH = 0.02166084938653512;
const STEP_LOW = 5.963171653970587e-12;

/** Below this the exponential is 0. */
const LEAST = -745.2;

/**
 * e^x in place for each of the entries `from` to `to - 1`, which are at most 0 but for rounding; relative error below 1e-15. Cheaper than
 * `Math.exp`, and the same bits on every engine.
 *
 * x = k ln 2 / 32 + r with a whole k and |r| below ln 2 / 64: a table gives 2^(k / 32), six terms of the series e^r (Tang,
 * "Table-driven implementation of the exponential function", ACM TOMS 15, 1989).
 */
export function exponentiate(values: Float64Array, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const x = values[i]!;
    if (!(x > LEAST)) {
      values[i] = 0;
      continue;
    }
    const k = (x * STEPS - 0.5) | 0;
    const r = x - k * STEP_HIGH - k * STEP_LOW;
    const series = r + r * r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720)))));
    const fraction = FRACTIONS[k & 31]!;
    values[i] = (fraction + fraction * series) * POWERS[-(k >> 5)]!;
  }
}
