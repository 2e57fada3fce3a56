import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matrix } from '../../src/data/matrix.ts';
import { combinedModel } from '../../src/ensemble/combined-model.ts';
import { decisionTree } from '../../src/learn/trees/forest.ts';

test('shares of votes are probabilities whatever the weights of the members', async () => {
  const X = matrix(Float64Array.of(0, 1, 2, 3), 4, 1);
  const y = { classes: [0, 1], codes: Int32Array.of(0, 0, 1, 1) };
  const tree = await decisionTree().fit({ X, y });
  const weight = fc.double({ min: 1e-3, max: 5, noNaN: true });
  await fc.assert(
    fc.asyncProperty(fc.array(weight, { minLength: 1, maxLength: 60 }), async (weights) => {
      const members = weights.map(() => tree);
      const about = { name: 'votes', classes: y.classes, columns: 1, combine: 'vote' as const };
      const model = combinedModel({ ...about, members, weights: Float64Array.from(weights) });
      const { data } = await model.predictProba(X);
      // All members agree, so the shares are 0 and 1 up to rounding, and never beyond them.
      for (const [at, share] of data.entries()) {
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
        expect(share).toBeCloseTo((at >> 1 < 2 ? 0 : 1) === at % 2 ? 1 : 0, 12);
      }
    }),
    { numRuns: 100, seed: 1 },
  );
});
