import { describe, expect, it } from 'vitest';
import { bayesImbalanceImpact } from '../../src/measure/bayes-imbalance-impact.ts';
import { around, clouds, find, impactToy, type LabelledSet, labelled, orderAround, tied } from './difficulty-sets.ts';

/** The formula of Lu, Cheung and Tang, from a full sort. */
function byHand({ X, y }: LabelledSet, minority: number): number[] {
  const rows = Array.from(y.codes.keys()).filter((row) => y.codes[row] === minority);
  const ratio = (X.rows - rows.length) / rows.length;
  return rows.map((row) => {
    const order = orderAround(X, row);
    let p2 = order.slice(0, 5).filter((other) => y.codes[other] !== minority).length / 5;
    if (p2 === 1) {
      const rank = order.findIndex((other) => y.codes[other] === minority) + 1;
      p2 = (rank - 1) / rank;
    }
    const p1 = 1 - p2;
    return (ratio * p1) / (p2 + ratio * p1) - p1;
  });
}

describe('bayesImbalanceImpact', () => {
  it('has the values of the authors on their formula', async () => {
    const impact = await bayesImbalanceImpact(impactToy, await around(impactToy), { find });
    expect(impact.minority).toBe('c1');
    expect(Array.from(impact.rows)).toEqual([0, 1, 2, 8, 9]);
    const expected = [...Array<number>(3).fill(0.07741935483870965), 0.08275862068965512, 0.04633204633204635];
    for (const [i, value] of expected.entries()) expect(impact.perRow[i]).toBeCloseTo(value, 15);
    expect(impact.value).toBeCloseTo(0.07226974630756608, 15);
  });

  it.each([clouds([90, 15], 2, 1, 0.3), tied(70, 2), tied(60, 5, 3)])(
    'equals the formula from a full sort, also with duplicates (%#)',
    async (data) => {
      const minority = (await bayesImbalanceImpact(data, await around(data), { find })).minority;
      const expected = byHand(data, data.y.classes.indexOf(minority));
      const { perRow } = await bayesImbalanceImpact(data, await around(data), { find });
      for (const [i, value] of expected.entries()) expect(perRow[i]).toBeCloseTo(value, 14);
    },
  );

  it('finds ranks however far the next row of the class is', async () => {
    // One row of the class amid 400 others, its friends beyond all of them.
    for (const others of [20, 100, 400]) {
      const data = labelled(
        [[0], ...Array.from({ length: others }, (_, i) => [(i % 2 ? 1 : -1) * (1 + i / 1000)]), [50], [50]],
        [1, ...Array<number>(others).fill(0), 1, 1],
      );
      const { perRow } = await bayesImbalanceImpact(data, await around(data), { find });
      expect(perRow[0]).toBeCloseTo(byHand(data, 1)[0]!, 14);
    }
  });

  it('is 0 for a class of one row and for equal classes, negative for the larger class', async () => {
    const single = labelled([[0], [1], [2], [3], [4], [5], [6]], [0, 0, 0, 1, 0, 0, 0]);
    expect(await bayesImbalanceImpact(single, await around(single), { find })).toMatchObject({
      value: 0,
      perRow: Float64Array.from([0]),
    });
    const equal = clouds([30, 30], 2, 3, 0.2);
    expect((await bayesImbalanceImpact(equal, await around(equal), { find })).value).toBeCloseTo(0, 14);
    const data = clouds([80, 20], 2, 4, 0.2);
    const larger = await bayesImbalanceImpact(data, await around(data), { find, minority: 'c0' });
    expect(larger.value).toBeLessThan(0);
    await expect(bayesImbalanceImpact(data, await around(data), { find, minority: 'c7' })).rejects.toMatchObject({
      code: 'no-such-class',
    });
  });
});
