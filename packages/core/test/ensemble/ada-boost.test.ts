import { describe, expect, it } from 'vitest';
import { type Matrix, matrix } from '../../src/data/matrix.ts';
import { evenSets } from '../../src/ensemble/ada-boost.ts';
import { adaBoost, balanceCascade, easyEnsemble, rusBoost } from '../../src/ensemble/index.ts';
import type { Learner } from '../../src/learn/learner.ts';

/** A learner whose m-th model takes the rows `wrong[m]` for the other class, and the weights that it was given. */
function told(codes: Int32Array, wrong: readonly (readonly number[])[]) {
  const taught: Float64Array[] = [];
  const learner: Learner = {
    name: 'told',
    fit: async ({ weights }) => {
      const missed = wrong[taught.length]!;
      taught.push(weights!.slice());
      return {
        classes: ['-', '+'],
        notices: [],
        predictProba: async (X) =>
          matrix(
            Float64Array.from((X as Matrix).data).reduce(
              (p, row, i) => {
                const code = codes[row]!;
                p[2 * i + (missed.includes(row) ? 1 - code : code)] = 1;
                return p;
              },
              new Float64Array(2 * X.rows),
            ),
            X.rows,
            2,
          ),
        toJSON: () => ({ kind: 'told' }),
      };
    },
  };
  return { learner, taught };
}

const dataOf = (codes: Int32Array) => ({
  X: matrix(Float64Array.from(codes.keys()), codes.length, 1),
  y: { codes, classes: ['-', '+'] },
});

describe('boosting', () => {
  it('weighs members and rows as in the toy example of Schapire (1999)', async () => {
    // Ten rows; each member misses three, and no row is missed twice.
    const codes = Int32Array.of(1, 1, 1, 1, 1, 0, 0, 0, 0, 0);
    const { learner, taught } = told(codes, [
      [2, 3, 4],
      [5, 6, 7],
      [0, 1, 8],
    ]);
    const { weights } = await adaBoost({ learner, nEstimators: 3 }).fit(dataOf(codes));
    // Errors of 3/10, 3/14 and 3/22, the paper's 0.30, 0.21 and 0.14; its alphas 0.42, 0.65 and 0.92 are half of SAMME's.
    [3 / 10, 3 / 14, 3 / 22].forEach((error, m) => {
      expect(weights[m]).toBeCloseTo(Math.log((1 - error) / error), 4);
    });
    const missed = [2, 3, 4].map((row) => taught[1]![row]);
    const right = [0, 1, 5, 9].map((row) => taught[1]![row]);
    // Half of all weight lies on what the last member missed.
    for (const weight of missed) expect(weight).toBeCloseTo(10 / 6, 4);
    for (const weight of right) expect(weight).toBeCloseTo(10 / 14, 4);
  });

  it('of balanced draws gives each row drawn its boosted weight', async () => {
    const codes = Int32Array.from({ length: 12 }, (_, row) => (row < 4 ? 1 : 0));
    const { learner, taught } = told(codes, [[0, 4], [1]]);
    await rusBoost({ learner, nEstimators: 2 }).fit(dataOf(codes));
    const [first, second] = taught as [Float64Array, Float64Array];
    const drawn = (weights: Float64Array) => [...weights.keys()].filter((row) => weights[row]! > 0);
    for (const weights of [first, second]) {
      expect(drawn(weights).filter((row) => row < 4)).toEqual([0, 1, 2, 3]);
      expect(drawn(weights).filter((row) => row >= 4)).toHaveLength(4);
    }
    expect(new Set(drawn(first).map((row) => first[row]))).toEqual(new Set([1]));
    // Of classes of equal size the error is (1/4 + 1/8) / 2; what was missed grows by (1 - e) / e.
    const error = 3 / 16;
    expect(second[0]! / second[1]!).toBeCloseTo((1 - error) / error, 4);
    for (const row of drawn(second)) expect(second[row]).toBeCloseTo([0, 4].includes(row) ? second[0]! : second[1]!, 9);
  });

  it('gives every set of members the same say, and all together what a set has on average', () => {
    const weights = evenSets([
      [1, 3],
      [2, 2, 4],
    ]);
    expect([...weights]).toEqual([0.75, 2.25, 0.75, 0.75, 1.5].map((weight) => expect.closeTo(weight, 12)));
    // A set without an error is as sure as log-odds are let be: (4 + 20) / 2 for both sets.
    expect([...evenSets([[4], [23, 23]])]).toEqual([6, 3, 3].map((weight) => expect.closeTo(weight, 12)));
  });

  it.each([easyEnsemble, balanceCascade])('names the option that is wrong', (make) => {
    expect(() => make({ rounds: 0 })).toThrow(/^rounds must/);
  });

  it('tells of every set of a cascade', async () => {
    const codes = Int32Array.from({ length: 60 }, (_, row) => (row % 5 === 0 ? 1 : 0));
    const seen: number[] = [];
    const onProgress = ({ done }: { readonly done: number }) => seen.push(done);
    await balanceCascade({ nEstimators: 3, rounds: 2 }).fit(dataOf(codes), { onProgress });
    expect(seen).toEqual([1, 2, 3]);
  });
});
