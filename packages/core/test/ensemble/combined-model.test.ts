import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matrix } from '../../src/data/matrix.ts';
import { combinedModel, combinedModelFromJSON } from '../../src/ensemble/combined-model.ts';
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

test('votes as log-odds are the softmax of their weights, bounded, and 0 for a class without rows', async () => {
  const X = matrix(Float64Array.of(0, 1, 2, 3, 4, 5), 6, 1);
  const classes = ['a', 'b', 'c', 'gone'];
  const learned = (codes: number[]) => decisionTree().fit({ X, y: { classes, codes: Int32Array.from(codes) } });
  const members = await Promise.all([learned([0, 0, 1, 1, 2, 2]), learned([1, 1, 1, 2, 2, 0])]);
  const notices = members[0]!.notices;
  const about = { name: 'odds', classes, columns: 1, combine: 'vote-odds' as const, notices };
  const of = async (...weights: number[]) => {
    const model = combinedModel({ ...about, members, weights: Float64Array.from(weights) });
    const p = await model.predictProba(X);
    const again = await combinedModelFromJSON('odds', JSON.parse(JSON.stringify(model.toJSON())), () => members[0]!);
    expect(again.combine).toBe('vote-odds');
    return [...p.data.slice(0, 4)];
  };
  const softmax = (...scores: number[]) => {
    const sum = scores.reduce((all, score) => all + Math.exp(score), 0);
    return [...scores.map((score) => Math.exp(score) / sum), 0];
  };
  // The first row: one member says a, the other says b; c gets no vote.
  for (const [i, p] of softmax(0.7, 1.5, 0).entries()) expect((await of(0.7, 1.5))[i]).toBeCloseTo(p, 12);
  // Together no more than 20, so that the surest rows still have ranks.
  for (const [i, p] of softmax(15, 5, 0).entries()) expect((await of(300, 100))[i]).toBeCloseTo(p, 12);
});
