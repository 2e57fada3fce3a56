import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/data/matrix.ts';
import { balanceCascade, selfPacedEnsemble } from '../../src/ensemble/index.ts';
import { binQuotas, hardnessBins, pace } from '../../src/ensemble/self-paced-ensemble.ts';
import type { Learner } from '../../src/learn/index.ts';

/** 200 common rows and 20 rare ones; the one column is the row's number. */
const rows = 220;
const X = matrix(
  Float64Array.from({ length: rows }, (_, row) => row),
  rows,
  1,
);
const y = { codes: Int32Array.from({ length: rows }, (_, row) => (row < 200 ? 0 : 1)), classes: ['common', 'rare'] };

/** A learner that notes which rows it was taught, and tells of each row what it is told to. */
function told(chance: (row: number) => number): { learner: Learner; taught: number[][] } {
  const taught: number[][] = [];
  const learner: Learner = {
    name: 'told',
    fit: async (data) => {
      taught.push([...data.weights!.keys()].filter((row) => data.weights![row]! > 0));
      return {
        classes: y.classes,
        notices: [],
        predictProba: async (asked) => {
          const cells = (asked as typeof X).data;
          return matrix(
            Float64Array.from([...cells].flatMap((row) => [1 - chance(row), chance(row)])),
            cells.length,
            2,
          );
        },
        toJSON: () => ({ kind: 'told' }),
      };
    },
  };
  return { learner, taught };
}

describe('self-paced ensemble', () => {
  it('takes the mean of the members that there are: an empty one would flatten the hardness of early draws', async () => {
    // Members say of common row i that it is rare with chance i / 200: that is its hardness, from the first member on.
    const chance = (row: number) => (row < 200 ? row / 200 : 1);
    const hardness = Float64Array.from({ length: 200 }, (_, row) => chance(row));
    const bins = hardnessBins(hardness, 5);
    const [right, wrong] = [1, 0.5].map((factor) =>
      // With an empty model beside the first, all would be half as sure: 1 - (1 - h) / 2.
      binQuotas(
        hardness.map((h) => 1 - (1 - h) * factor),
        bins,
        5,
        pace(1, 9),
        20,
      ),
    );
    const means = new Float64Array(5);
    for (let seed = 0; seed < 150; seed++) {
      const { learner, taught } = told(chance);
      await selfPacedEnsemble({ learner, nEstimators: 9, seed }).fit({ X, y });
      expect(taught.length).toBe(9);
      for (const own of taught) expect(own.filter((row) => row >= 200).length).toBe(20);
      for (const row of taught[1]!) if (row < 200) means[bins[row]!]! += 1 / 150;
    }
    for (let b = 0; b < 5; b++) expect(Math.abs(means[b]! - right![b]!)).toBeLessThan(0.25);
    expect(Math.abs(right![0]! - wrong![0]!)).toBeGreaterThan(2);
  });
});

describe('BalanceCascade', () => {
  it('draws its first set from all rows, and leaves out those that the set is surest of', async () => {
    // Rows from 100 on are taken for rare: they are what the set gets wrong, and must all stay.
    const first = new Float64Array(200);
    let later = 0;
    for (let seed = 0; seed < 60; seed++) {
      const { learner, taught } = told((row) => (row < 100 ? 0.2 : 0.8));
      await balanceCascade({ learner, nEstimators: 3, rounds: 1, seed }).fit({ X, y });
      expect(taught.length).toBe(3);
      for (const row of taught[0]!) if (row < 200) first[row]!++;
      // 63 of the 200 rows stay after the first set, 20 after the second: none that the set had right.
      for (const row of [...taught[1]!, ...taught[2]!]) {
        if (row < 200) expect(row).toBeGreaterThanOrEqual(100);
        if (row < 200 && row >= 150) later++;
      }
    }
    const early = first.subarray(0, 100).reduce((sum, count) => sum + count, 0) / (60 * 20);
    expect(Math.abs(early - 0.5)).toBeLessThan(0.06);
    // Among those it had wrong, chance decides and not the order of the rows.
    expect(Math.abs(later / (60 * 40) - 0.5)).toBeLessThan(0.06);
  });
});
