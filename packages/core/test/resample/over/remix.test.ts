import { describe, expect, it } from 'vitest';
import { type RemixOptions, remix } from '../../../src/resample/over/remix.ts';
import { gaussianDataset } from '../data.ts';

/** Sizes 300, 25 and 100. */
const data = gaussianDataset(
  [
    ['a', 300],
    ['b', 25],
    ['c', 100],
  ],
  2,
  2,
);
const sizes = [300, 25, 100];

describe('remix', () => {
  it.each<RemixOptions>([{}, { kappa: 5 }, { kappa: 3.5, tau: 0.9 }, { tau: 0 }, { kappa: 1, tau: 1 }])(
    'gives the label by the sizes of the classes and the shares: %j',
    async (options) => {
      const { kappa = 3, tau = 0.5 } = options;
      const strategy = { a: 900, b: 900, c: 900 };
      const { data: made, provenance } = await remix({ seed: 1, samplingStrategy: strategy, ...options }).resample(
        data,
      );
      const kinds = new Set<string>();
      for (let i = 425; i < made.X.rows; i++) {
        const own = data.y.codes[provenance.base[i]!]!;
        const other = data.y.codes[provenance.neighbour[i]!]!;
        expect(made.y.codes[i]).toBe(own);
        const lambda = 1 - provenance.gap[i]!;
        const weight = made.weights?.[i] ?? 1;
        if (own === other) {
          expect(weight).toBe(1);
          continue;
        }
        // The rule for the row's own class, of which the share lambda is in the mix.
        const rarer = sizes[own]! / sizes[other]! <= 1 / kappa && 1 - lambda < tau;
        const commoner = sizes[own]! / sizes[other]! >= kappa && lambda < tau;
        kinds.add(rarer ? 'whole' : 'soft');
        expect(commoner).toBe(false);
        if (rarer) expect(weight).toBe(1);
        else expect(weight).toBeCloseTo(lambda, 12);
      }
      expect(kinds.has('whole')).toBe(tau > 0);
    },
  );

  it('leaves no row where the label goes to the other class: each example has weight 1 in all', async () => {
    const { data: made } = await remix({ seed: 2, samplingStrategy: { b: 525 } }).resample(data);
    const added = made.weights!.subarray(425).reduce((sum, weight) => sum + weight, 0);
    expect(added).toBeCloseTo(500, 8);
    const toRare = [...made.weights!.keys()].filter((i) => i >= 425 && made.y.codes[i] === 1);
    // Against a and c, 4 and 12 times larger, b has the whole label from half of the features on, and λ below.
    const weight = toRare.reduce((sum, i) => sum + made.weights![i]!, 0) / 500;
    const apart = 400 / 424;
    expect(weight).toBeCloseTo(apart * (1 / 2 + 1 / 8) + (1 - apart), 1);
  });

  it('refuses options out of range', () => {
    expect(() => remix({ kappa: 0.5 })).toThrow('kappa must be a number of at least 1');
    expect(() => remix({ tau: 1.5 })).toThrow('tau must be a number from 0 to 1');
    expect(() => remix({ alpha: 0 })).toThrow('alpha must be a number above 0');
  });
});
