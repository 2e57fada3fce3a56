import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/data/matrix.ts';
import { describeVennAbers } from '../../src/experiment/describe-uncertainty.ts';
import { crossFittedSureness, fitUncertainty, surenessOf } from '../../src/experiment/uncertainty.ts';

describe('describeVennAbers', () => {
  const classes = ['no', 'yes'];
  // Scores of 0.2 and 0.8 whose rows turn out so in exactly a fifth and four fifths of the cases, and the other way round.
  const truth = Int32Array.from({ length: 200 }, (_, i) => Number(i % 5 === 0) ^ Number(i >= 100));
  const scored = (p: (row: number) => number) =>
    matrix(
      Float64Array.from({ length: 400 }, (_, i) => (i % 2 === 1 ? p(i >> 1) : 1 - p(i >> 1))),
      200,
      2,
    );
  const right = scored((row) => (row < 100 ? 0.2 : 0.8));
  const tooHigh = scored((row) => (row < 100 ? 0.6 : 0.95));

  it.each([
    ['right', right, 0],
    ['too high', tooHigh, 1],
  ] as const)('tells how often the probability lies outside its bracket: %s', async (_name, probabilities, outside) => {
    const uncertainty = await fitUncertainty(probabilities, truth, classes, 0.1, {});
    const sureness = surenessOf(uncertainty, probabilities);
    for (const positive of [0, 1]) {
      const found = describeVennAbers({ classes, positive, truth, probabilities, alpha: 0.1, sureness });
      expect(found.outside).toBe(outside);
    }
  });

  it('judges the rows of a single group class by class', async () => {
    const run = [right, truth, classes, 0.1] as const;
    const single = await crossFittedSureness(...run, new Int32Array(200), {});
    expect(single).toEqual(await crossFittedSureness(...run, undefined, {}));
  });
});
