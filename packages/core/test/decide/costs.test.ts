import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/data/matrix.ts';
import { binaryCosts, checkCosts, costThreshold, expectedCost, minimumCostDecisions } from '../../src/decide/index.ts';
import { bestThreshold, confusionMatrix } from '../../src/metrics/index.ts';
import { randomStream } from '../../src/runtime/random.ts';

describe('costThreshold', () => {
  it('is fp / (fp + fn) where being right costs nothing', () => {
    expect(costThreshold(binaryCosts({ falseNegative: 9, falsePositive: 1 }))).toBe(0.1);
    expect(costThreshold(binaryCosts({ falseNegative: 9, falsePositive: 1, positive: 0 }), 0)).toBe(0.1);
  });

  it("is Elkan's (c10 - c00) / (c10 - c00 + c01 - c11), gains included", () => {
    const costs = [
      [-1, 30],
      [4, -15],
    ];
    expect(costThreshold(costs)).toBe((4 + 1) / (4 + 1 + 30 + 15));
  });

  it('does not change when a constant is added to what a class costs', () => {
    const plain = costThreshold([
      [0, 20],
      [5, 0],
    ]);
    const shifted = costThreshold([
      [7, 23],
      [12, 3],
    ]);
    expect(shifted).toBe(plain);
  });

  it('is where the sweep over calibrated scores finds the least cost', () => {
    const stream = randomStream(1, 'costs');
    const scores = Float64Array.from({ length: 200_000 }, () => stream.uniform());
    const truth = Int32Array.from(scores, (score) => (stream.uniform() < score ? 1 : 0));
    const { threshold } = bestThreshold({ scores, truth, objective: ({ fp, fn }) => -(fp + 4 * fn) });
    expect(Math.abs(threshold - costThreshold(binaryCosts({ falseNegative: 4, falsePositive: 1 })))).toBeLessThan(0.02);
  });
});

describe('checkCosts', () => {
  it('refuses costs under which one of two classes is always the cheaper prediction', () => {
    const bad = [
      [
        [0, 1],
        [0, 0],
      ],
      [
        [0, 1],
        [1, 2],
      ],
      [
        [0, Number.NaN],
        [1, 0],
      ],
      [[0, 1]],
      [
        [0, 1, 2],
        [1, 0, 2],
      ],
    ];
    for (const costs of bad) expect(() => checkCosts(costs)).toThrow(expect.objectContaining({ code: 'bad-costs' }));
    expect(() => binaryCosts({ falseNegative: 0, falsePositive: 1 })).toThrow(
      /costs 0, no more than predicting it right/,
    );
  });

  it('notices a class that is never worth predicting, with more than two', () => {
    const notices = checkCosts([
      [0, 2, 5],
      [1, 0, 5],
      [3, 3, 5],
    ]);
    expect(notices.map((notice) => notice.code)).toEqual([
      'mistake-not-dearer',
      'mistake-not-dearer',
      'class-never-predicted',
    ]);
    expect(notices.at(-1)?.numbers?.['class']).toBe(2);
    expect(
      checkCosts([
        [0, 1, 1],
        [1, 0, 1],
        [1, 1, 0],
      ]),
    ).toEqual([]);
  });
});

describe('minimumCostDecisions', () => {
  it('predicts the most likely class where all mistakes cost the same', () => {
    const probabilities = matrix(Float64Array.of(0.2, 0.5, 0.3, 0.4, 0.4, 0.2), 2, 3);
    const costs = [
      [0, 1, 1],
      [1, 0, 1],
      [1, 1, 0],
    ];
    expect([...minimumCostDecisions(probabilities, costs)]).toEqual([1, 0]);
  });

  it('predicts positive exactly at the threshold', () => {
    const costs = binaryCosts({ falseNegative: 9, falsePositive: 1 });
    const at = matrix(Float64Array.of(0.9, 0.1, 0.95, 0.05), 2, 2);
    expect([...minimumCostDecisions(at, costs)]).toEqual([1, 0]);
    expect([...minimumCostDecisions(at, binaryCosts({ falseNegative: 9, falsePositive: 1, positive: 0 }), 0)]).toEqual([
      0, 0,
    ]);
  });

  it('has the least expected cost of all decisions, row by row', () => {
    const stream = randomStream(2, 'rows');
    const costs = [
      [0, 8, 3],
      [2, 0, 9],
      [4, 1, -2],
    ];
    for (let draw = 0; draw < 200; draw++) {
      const raw = [stream.uniform(), stream.uniform(), stream.uniform()];
      const p = raw.map((value) => value / raw.reduce((sum, other) => sum + other, 0));
      const [decision] = minimumCostDecisions(matrix(Float64Array.from(p), 1, 3), costs);
      const expected = costs.map((row) => row.reduce((sum, cost, truth) => sum + cost * p[truth]!, 0));
      expect(expected[decision!]).toBe(Math.min(...expected));
    }
  });
});

describe('expectedCost', () => {
  it('is the mean cost of a row; costs have a row a predicted class', () => {
    const confusion = confusionMatrix(Int32Array.of(0, 1, 1, 0, 0), Int32Array.of(0, 1, 0, 1, 1), 2);
    expect(
      expectedCost(confusion, [
        [0, 10],
        [3, -1],
      ]),
    ).toBe((0 - 1 + 10 + 3 + 3) / 5);
    expect(
      expectedCost({ classes: 2, counts: new Float64Array(4) }, [
        [0, 1],
        [1, 0],
      ]),
    ).toBeNaN();
    expect(() => expectedCost(confusion, [[0]])).toThrow(/1 x 1/);
  });
});
