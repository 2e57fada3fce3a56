import { describe, expect, it } from 'vitest';
import { binomialUpperTail } from '../../src/metrics/beta-quantile.ts';
import { clopperPearsonInterval } from '../../src/metrics/clopper-pearson.ts';
import { incompleteBeta, logGamma } from '../../src/metrics/distributions.ts';

/** x and its neighbours up to `steps` floats away on either side. */
function around(x: number, steps = 4): number[] {
  const bits = new BigInt64Array(1);
  const value = new Float64Array(bits.buffer);
  return Array.from({ length: 2 * steps + 1 }, (_, i) => {
    value[0] = x;
    bits[0] = bits[0]! + BigInt(i - steps);
    return value[0]!;
  });
}

/** I_x(a, b) for whole a and b by its definition: the chance of a or more of a + b - 1 trials. */
function bySum(x: number, a: number, b: number): number {
  const n = a + b - 1;
  let sum = 0;
  for (let k = a; k <= n; k++) {
    const ways = logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
    sum += Math.exp(ways + k * Math.log(x) + (n - k) * Math.log1p(-x));
  }
  return sum;
}

describe('the incomplete beta function where its two sides meet', () => {
  // scipy.special.betainc at x = (a + 1) / (a + b + 2).
  const golden: [a: number, b: number, value: number][] = [
    [3, 5, 0.5800960000000001],
    [1, 2, 0.64],
    [12, 30, 0.5741252527334628],
    [51, 950, 0.5679232235359128],
    [400.5, 0.5, 0.08403469216025987],
    [0.5, 0.5, 0.5000000000000001],
    [200000, 3000, 0.4905068526164251],
    [7, 11, 0.5521593668416307],
  ];

  it.each(golden)('ends and is right at the dividing point of (%d, %d)', (a, b, value) => {
    for (const x of around((a + 1) / (a + b + 2)))
      expect(Math.abs(incompleteBeta(x, a, b) / value - 1)).toBeLessThan(1e-11);
  });

  it('ends and agrees with the sum of binomial chances for every small pair of whole numbers', () => {
    for (let a = 1; a <= 40; a++) {
      for (let b = 1; b <= 40; b++) {
        const x = (a + 1) / (a + b + 2);
        const expected = bySum(x, a, b);
        for (const near of around(x)) expect(Math.abs(incompleteBeta(near, a, b) - expected)).toBeLessThan(1e-12);
      }
    }
  });

  it('ends for the shapes that class counts give the H-measure, where both sides can lie beyond theirs by rounding', () => {
    let both = 0;
    for (let positives = 1; positives <= 60; positives++) {
      for (let negatives = positives; negatives <= 500; negatives++) {
        const beta = 1 + 1 / (positives / negatives);
        for (const [a, b] of [
          [3, beta],
          [2, beta + 1],
        ] as const) {
          for (const x of around((a + 1) / (a + b + 2), 2)) {
            if (!(x > (a + 1) / (a + b + 2) && 1 - x > (b + 1) / (b + a + 2))) continue;
            both++;
            const value = incompleteBeta(x, a, b);
            expect(Math.abs(value - incompleteBeta(x * (1 - 1e-13), a, b))).toBeLessThan(1e-11);
          }
        }
      }
    }
    expect(both).toBeGreaterThan(10);
  });

  it('gives every exact interval and tail of up to 150 trials', () => {
    for (let n = 1; n <= 150; n++) {
      for (let k = 0; k <= n; k++) {
        const { low, high } = clopperPearsonInterval(k, n);
        expect(low <= k / n && k / n <= high && low >= 0 && high <= 1).toBe(true);
        for (const share of [k / n, (k + 1) / (n + 3), (k + 1) / (n + 2)]) {
          const tail = binomialUpperTail(k, n, share);
          expect(tail >= 0 && tail <= 1).toBe(true);
        }
      }
    }
  });
});
