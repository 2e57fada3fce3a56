import { describe, expect, it } from 'vitest';
import type { ClassLabel } from '../../../src/data/labels.ts';
import { matrix } from '../../../src/data/matrix.ts';
import { instanceHardnessThreshold } from '../../../src/resample/under/instance-hardness-threshold.ts';
import type { ProbabilityEstimator } from '../../../src/resample/under/probability-estimator.ts';
import { countsByLabel, gaussianDataset, labelsOf, rowsOf } from '../data.ts';
import { gaussianNaiveBayes } from './gaussian-naive-bayes.ts';
import { allRows, nearest, overlappingSet } from './oracles.ts';

const line = (count: number) => rowsOf(Array.from({ length: count }, (_, i) => [i]));

describe('instanceHardnessThreshold', () => {
  it('keeps the rows whose class is most probable, exactly as many as asked', async () => {
    const y = labelsOf(['a', 'b', 'a', 'a', 'b', 'a', 'a']);
    const probabilities = Float64Array.of(0.9, 0.1, 0.3, 0.8, 0.2, 0.4, 0.1);
    const data = { X: line(7), y };
    const { source } = await instanceHardnessThreshold({ probabilities }).select(data);
    expect([...source]).toEqual([0, 1, 3, 4]);
    const three = await instanceHardnessThreshold({
      probabilities: async () => probabilities,
      samplingStrategy: { a: 3 },
    }).select(data);
    expect([...three.source]).toEqual([0, 1, 3, 4, 5]);
  });

  it('keeps the asked number among ties, any of the tied rows, where a percentile keeps all', async () => {
    const y = labelsOf([...new Array(10).fill('a'), 'b', 'b', 'b']);
    const probabilities = Float64Array.from({ length: 13 }, (_, i) => (i === 4 ? 0.9 : 0.5));
    const seen = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      const { source } = await instanceHardnessThreshold({ probabilities, seed }).select({ X: line(13), y });
      expect(source.length).toBe(6);
      expect(source).toContain(4);
      for (const row of source) seen.add(row);
    }
    expect(seen.size).toBe(13);
    const peer = instanceHardnessThreshold({ probabilities, compat: 'imbalanced-learn' });
    const { source, notices } = await peer.select({ X: line(13), y });
    expect(source.length).toBe(13);
    expect(notices.map(({ code }) => code)).toContain('count-not-reached');
  });

  it('asks for the probability of each row’s own class, whatever the labels are', async () => {
    const results = await Promise.all(
      [
        ['a', 'b'],
        [-1, 1],
        [1, 2],
        [0, 1],
        [5, 70],
      ].map(async ([many, few]) => {
        const { X, y } = overlappingSet(3, [many as ClassLabel, few as ClassLabel], [40, 12]);
        return (await instanceHardnessThreshold({ estimator: gaussianNaiveBayes(), seed: 2 }).select({ X, y })).source;
      }),
    );
    for (const source of results) expect(source).toEqual(results[0]);
    // The easiest rows of the large class lie away from the small one.
    const { X, y } = overlappingSet(3, ['a', 'b'], [40, 12]);
    const mean = (rows: Iterable<number>) => {
      const sums = [...rows]
        .filter((row) => y.codes[row] === 0)
        .map((row) => X.data[3 * row]! + X.data[3 * row + 1]! + X.data[3 * row + 2]!);
      return sums.reduce((total, each) => total + each, 0) / sums.length;
    };
    expect(mean(results[0]!)).toBeLessThan(mean(allRows({ X, y })) - 0.5);
  });

  it('with labels -1 and 1, compat looks at the probability of 1 for both, as there, and says so', async () => {
    const data = overlappingSet(3, [-1, 1], [40, 12]);
    const peer = instanceHardnessThreshold({ estimator: gaussianNaiveBayes(), seed: 2, compat: 'imbalanced-learn' });
    const right = await instanceHardnessThreshold({ estimator: gaussianNaiveBayes(), seed: 2 }).select(data);
    const made = await peer.select(data);
    expect(made.notices).toMatchObject([{ code: 'wrong-probability', class: -1 }]);
    const kept = new Set(right.source);
    const shared = [...made.source].filter((row) => data.y.codes[row] === 0 && kept.has(row));
    expect(shared.length).toBeLessThan(6);
  });

  it('judges each row by a model that has not seen it, groups whole, weights handed on', async () => {
    const { X, y } = gaussianDataset(
      [
        ['a', 30],
        ['b', 15],
      ],
      1,
      1,
    );
    // The only feature is the number of the row, so that the estimator sees whom it is asked for.
    const numbered = matrix(Float64Array.from(y.codes.keys()), 45, 1);
    const weights = Float64Array.from(y.codes, (_, row) => 1 + row);
    const groups = Int32Array.from(y.codes, (_, row) => Math.floor(row / 3));
    const judged: number[] = [];
    const spy: ProbabilityEstimator = {
      fit: async (data) => {
        const seen = new Set((data.X as typeof numbered).data);
        for (const [i, row] of [...seen].entries()) expect(data.weights![i]).toBe(1 + row);
        return {
          classes: ['b', 'a'],
          predictProba: async (rows) => {
            for (const row of (rows as typeof numbered).data) {
              judged.push(row);
              for (const other of seen) expect(groups[other]).not.toBe(groups[row]);
            }
            return matrix(new Float64Array(2 * rows.rows).fill(0.5), rows.rows, 2);
          },
        };
      },
    };
    await instanceHardnessThreshold({ estimator: spy, cv: 3 }).select({ X: numbered, y, weights, groups });
    expect(judged.sort((a, b) => a - b)).toEqual([...y.codes.keys()]);
    expect(X.rows).toBe(45);
  });

  it('without an estimator counts the neighbours that agree', async () => {
    const data = overlappingSet(6);
    const made = await instanceHardnessThreshold({ nNeighbors: 7 }).resample(data);
    expect(new Set(countsByLabel(made.data.y).values())).toEqual(new Set([12]));
    const agreeing = (row: number) => {
      return nearest(data.X, row, 7, allRows(data)).filter((other) => data.y.codes[other] === data.y.codes[row]).length;
    };
    const kept = new Set(made.provenance.source);
    for (const code of [0, 1]) {
      const of = allRows(data).filter((row) => data.y.codes[row] === code);
      const worst = Math.min(...of.filter((row) => kept.has(row)).map(agreeing));
      const best = Math.max(...of.filter((row) => !kept.has(row)).map(agreeing));
      expect(worst).toBeGreaterThanOrEqual(best);
    }
  });

  it('refuses what is no estimator and no probabilities', async () => {
    const data = { X: line(4), y: labelsOf(['a', 'a', 'a', 'b']) };
    const bad = (options: object) => () => instanceHardnessThreshold(options);
    expect(bad({ estimator: {} })).toThrow('the estimator must be an object with a fit method');
    expect(bad({ cv: 1 })).toThrow('cv must be a whole number of at least 2');
    const short = instanceHardnessThreshold({ probabilities: Float64Array.of(1) }).select(data);
    await expect(short).rejects.toMatchObject({ code: 'shape-mismatch' });
    const wrong = instanceHardnessThreshold({ probabilities: Float64Array.of(1, 0, Number.NaN, 1) }).select(data);
    await expect(wrong).rejects.toMatchObject({ code: 'bad-probabilities', details: { row: 2 } });
  });
});
