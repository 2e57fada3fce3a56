import { describe, expect, it } from 'vitest';
import { matrix } from '../../../src/data/matrix.ts';
import {
  extraTrees,
  gainImportance,
  gradientBoosting,
  logisticRegression,
  permutationImportance,
} from '../../../src/learn/index.ts';
import { logLoss, macroRocAuc } from '../../../src/metrics/index.ts';
import { randomStream } from '../../../src/runtime/random.ts';
import { toSparse } from '../helpers.ts';

/** Only the first two of five columns tell the class; the first tells more. */
function telling(rows: number, seed: number) {
  const stream = randomStream(seed, 'telling');
  const data = Float64Array.from({ length: rows * 5 }, stream.normal);
  const codes = Int32Array.from({ length: rows }, (_, i) =>
    3 * data[i * 5]! + data[i * 5 + 1]! + stream.normal() > 0 ? 1 : 0,
  );
  return { X: matrix(data, rows, 5), y: { codes, classes: ['a', 'b'] } };
}

const ranked = (values: Float64Array) => [...values.keys()].sort((a, b) => values[b]! - values[a]!);

describe('importance', () => {
  it('names the columns that tell, by gain and by shuffling', async () => {
    for (const learner of [gradientBoosting({ maxIterations: 30 }), extraTrees({ nEstimators: 30, maxDepth: 6 })]) {
      const model = await learner.fit(telling(1000, 1));
      expect(ranked(gainImportance(model)).slice(0, 2)).toEqual([0, 1]);
      const metric = (rows: Parameters<typeof macroRocAuc>[0]) => macroRocAuc(rows);
      const { importance, value } = await permutationImportance(model, telling(1000, 2), { metric });
      expect(value).toBeGreaterThan(0.9);
      expect(ranked(importance).slice(0, 2)).toEqual([0, 1]);
      for (const j of [2, 3, 4]) expect(Math.abs(importance[j]!)).toBeLessThan(0.02);
    }
  });

  it('takes any model and metric, and leaves the rows as they were', async () => {
    const data = telling(400, 3);
    const before = data.X.data.slice();
    const model = await logisticRegression().fit(data);
    const options = { metric: (rows: Parameters<typeof logLoss>[0]) => -logLoss(rows), repeats: 1, seed: 5 };
    const found = await permutationImportance(model, data, options);
    expect(found).toEqual(await permutationImportance(model, data, options));
    expect(found.deviation).toEqual(new Float64Array(5));
    expect(found.importance[0]).toBeGreaterThan(0.5);
    expect(data.X.data).toEqual(before);
  });

  it('needs a metric and labelled dense rows', async () => {
    const data = telling(60, 3);
    const model = await extraTrees({ nEstimators: 2 }).fit(data);
    const metric = () => 0;
    for (const wrong of [undefined, null, {}, { metric: 1 }, { metric, repeat: 3 }]) {
      await expect(permutationImportance(model, data, wrong as never)).rejects.toMatchObject({ code: 'bad-option' });
    }
    const refused = permutationImportance(model, { X: data.X } as never, { metric });
    await expect(refused).rejects.toMatchObject({ code: 'bad-labels' });
    const sparse = { ...data, X: toSparse(data.X) as never };
    await expect(permutationImportance(model, sparse, { metric })).rejects.toMatchObject({ code: 'bad-rows' });
  });
});
