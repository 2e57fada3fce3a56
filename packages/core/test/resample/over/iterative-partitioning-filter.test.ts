import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/data/dataset.ts';
import { matrix } from '../../../src/data/matrix.ts';
import { iterativePartitioningFilter } from '../../../src/resample/over/iterative-partitioning-filter.ts';
import type { ProbabilityEstimator } from '../../../src/resample/under/probability-estimator.ts';
import { countsByLabel, gaussianDataset, labelsOf, rowAt, rowsOf } from '../data.ts';

/** Rows -30 ... 29, those from 0 on moved up by a gap: below 0 of class no, from 0 on yes, but for the rows given, which are the other way round. */
function twoSides(wrong: readonly number[], gap = 0): Dataset {
  const values = Array.from({ length: 60 }, (_, i) => (i < 30 ? i - 30 : i - 30 + gap));
  const labels = values.map((value, i) => (value >= 0 !== wrong.includes(i) ? 'yes' : 'no'));
  return { X: rowsOf(values.map((value) => [value])), y: labelsOf(labels) };
}

/** Says yes from 0 on; the models of a round that `lies` names by their number say the contrary of row 5's value. */
function sides(lies: (fit: number) => boolean, seen: Dataset[] = []): ProbabilityEstimator {
  return {
    fit: async (data) => {
      const lying = lies(seen.length);
      seen.push(data);
      return {
        classes: ['no', 'yes'],
        predictProba: async (X) => {
          const p = Array.from({ length: X.rows }, (_, i) => {
            const value = rowAt(X, i)[0]!;
            return value >= 0 !== (lying && value === -25) ? [0.2, 0.8] : [0.6, 0.4];
          });
          return matrix(Float64Array.from(p.flat()), X.rows, 2);
        },
      };
    },
  };
}

describe('iterativePartitioningFilter', () => {
  it('removes what most models get wrong, and ends after quiet rounds', async () => {
    const seen: Dataset[] = [];
    const filter = iterativePartitioningFilter({ samplingStrategy: 'all', estimator: sides(() => false, seen) });
    const { provenance } = await filter.resample(twoSides([3, 40, 59]));
    expect([...provenance.dropped]).toEqual([3, 40, 59]);
    // One round that removes, three that do not, of nine parts each.
    expect(seen.length).toBe(36);
    for (const part of seen.slice(0, 9)) {
      // 28 + 1 and 29 + 2 rows: each part has its share of either class, all of them every row once.
      for (const count of countsByLabel(part.y).values()) expect([3, 4]).toContain(count);
    }
    const dealt = seen.slice(0, 9).flatMap((part) => [...part.y.codes.keys()].map((i) => rowAt(part.X, i)[0]!));
    expect(dealt.sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, i) => i - 30));
    const again = seen.slice(9, 18).map((part) => [...part.y.codes.keys()].map((i) => rowAt(part.X, i)[0]));
    expect(again).not.toEqual(seen.slice(0, 9).map((part) => [...part.y.codes.keys()].map((i) => rowAt(part.X, i)[0])));
  });

  it.each([
    ['majority', 4, false],
    ['majority', 5, true],
    ['consensus', 8, false],
    ['consensus', 9, true],
  ] as const)('%s: %d of nine models that are wrong remove a row: %s', async (voting, liars, gone) => {
    const estimator = sides((fit) => fit < liars);
    const { provenance } = await iterativePartitioningFilter({ samplingStrategy: 'all', voting, estimator }).resample(
      twoSides([]),
    );
    expect([...provenance.dropped]).toEqual(gone ? [5] : []);
  });

  it('goes on while many rows go, and counts few against all rows at the start', async () => {
    const rounds = async (p: number, kQuiet: number) => {
      const seen: Dataset[] = [];
      const estimator = sides(() => false, seen);
      await iterativePartitioningFilter({ samplingStrategy: 'all', p, kQuiet, nPartitions: 2, estimator }).resample(
        twoSides([1, 2, 50]),
      );
      return seen.length / 2;
    };
    // Three of 60 rows are 5 %.
    expect(await rounds(0.05, 1)).toBe(2);
    expect(await rounds(0.051, 1)).toBe(1);
    expect(await rounds(0.05, 4)).toBe(5);
  });

  it('finds mislabelled rows with its own trees, and touches targeted classes only', async () => {
    const wrong = [4, 11, 45, 52];
    const plain = await iterativePartitioningFilter({ samplingStrategy: 'all', nPartitions: 3 }).resample(
      twoSides(wrong, 50),
    );
    expect([...plain.provenance.dropped]).toEqual(wrong);
    const one = await iterativePartitioningFilter({ samplingStrategy: ['yes'], nPartitions: 3 }).resample(
      twoSides(wrong, 50),
    );
    // Rows 4 and 11 lie below 0 and are called yes.
    expect([...one.provenance.dropped]).toEqual([4, 11]);
  });

  it('deals rows to fewer parts than asked where there are not so many', async () => {
    const data = gaussianDataset(
      [
        ['a', 3],
        ['b', 2],
      ],
      2,
      1,
    );
    const { data: made } = await iterativePartitioningFilter({ nPartitions: 50 }).resample(data);
    expect(made.X.rows).toBeLessThanOrEqual(5);
  });

  it('refuses options out of range', () => {
    expect(() => iterativePartitioningFilter({ nPartitions: 1 })).toThrow('nPartitions');
    expect(() => iterativePartitioningFilter({ voting: 'all' as never })).toThrow('voting must be one of');
    expect(() => iterativePartitioningFilter({ compat: 'imbalanced-learn' } as never)).toThrow('no option "compat"');
    expect(() => iterativePartitioningFilter({ p: 0 })).toThrow('p must be a number above 0');
    expect(() => iterativePartitioningFilter({ estimator: {} as never })).toThrow('the estimator must be an object');
  });
});
