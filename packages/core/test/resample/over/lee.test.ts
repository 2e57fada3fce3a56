import { describe, expect, it } from 'vitest';
import { lee } from '../../../src/resample/over/lee.ts';
import { columnAt, gaussianDataset, labelsOf, rowAt, rowsOf } from '../data.ts';
import { euclidean, moments, nearestByHand } from './by-hand.ts';

const data = gaussianDataset(
  [
    ['a', 120],
    ['b', 40],
    ['c', 30],
  ],
  2,
  31,
);

/** Share of the m input rows nearest to a point that are not of the class. */
function shareOfOthers(point: readonly number[], code: number, m: number): number {
  const order = [...data.y.codes.keys()].sort(
    (a, b) => euclidean(point, rowAt(data.X, a)) - euclidean(point, rowAt(data.X, b)),
  );
  return order.slice(0, m).filter((row) => data.y.codes[row] !== code).length / m;
}

/** Two rows of b at 0 and 10, rows of a close to 5: what lies from 4 to 6 has mostly rows of a near. */
const gulf = {
  X: rowsOf([
    [0],
    [0.1],
    [10],
    [9.9],
    ...Array.from({ length: 21 }, (_, i) => [4.9 + i / 100]),
    ...Array.from({ length: 20 }, (_, i) => [80 + i]),
  ]),
  y: labelsOf(Array.from({ length: 45 }, (_, i) => (i < 4 ? 'b' : 'a'))),
};

describe('lee', () => {
  it.each([
    [0.5, 5],
    [0.3, 7],
    [0.8, 4],
    [1, 3],
  ])('with level %d takes only rows that have fewer of other classes among their %d nearest', async (level, m) => {
    const {
      data: made,
      provenance,
      notices,
    } = await lee({ rejectionLevel: level, mNeighbors: m, seed: 2 }).resample(data);
    expect(notices).toEqual([]);
    expect(made.X.rows).toBe(360);
    let highest = 0;
    for (let i = 190; i < 360; i++) {
      const share = shareOfOthers(rowAt(made.X, i), made.y.codes[i]!, m);
      expect(share).toBeLessThan(level);
      highest = Math.max(highest, share);
      expect(nearestByHand(data, provenance.base[i]!, 5, 'same')).toContain(provenance.neighbour[i]);
    }
    // Only what is at or above the level is left out.
    expect(highest).toBe((Math.ceil(level * m) - 1) / m);
  });

  it('draws what it takes as SMOTE does: evenly over the parts of the segments that are let in', async () => {
    const options = { kNeighbors: 3, mNeighbors: 3, seed: 4, samplingStrategy: { b: 6004 } };
    const { data: made, provenance } = await lee(options).resample(gulf);
    const values = columnAt(made.X, 0);
    const long = [...values.keys()]
      .slice(45)
      .filter(
        (i) => Math.abs(columnAt(gulf.X, 0)[provenance.base[i]!]! - columnAt(gulf.X, 0)[provenance.neighbour[i]!]!) > 5,
      )
      .map((i) => values[i]!);
    // Two of the three nearest are 0 and 0.1 until 4.91, the second of a, is nearer than 0, from 2.455 on; so from the other side.
    const from = long.filter((value) => value < 5);
    const to = long.filter((value) => value > 5);
    expect(Math.max(...from)).toBeLessThanOrEqual(2.455);
    expect(Math.min(...to)).toBeGreaterThanOrEqual(7.545);
    expect(Math.max(...from)).toBeGreaterThan(2.44);
    const { mean, variance } = moments(from);
    expect(mean).toBeCloseTo(1.3, 1);
    expect(variance).toBeCloseTo(2.4 ** 2 / 12, 1);
  });

  it('raises the level where nothing is let in, and says so', async () => {
    const b = [[10], [30], [50]];
    const a = Array.from({ length: 60 }, (_, i) => [i + 0.4]);
    const noise = { X: rowsOf([...b, ...a]), y: labelsOf([...b.map(() => 'b'), ...a.map(() => 'a')]) };
    const { provenance, notices } = await lee({ kNeighbors: 2, rejectionLevel: 0.2 }).resample(noise);
    expect(provenance.source.length).toBe(120);
    const raised = notices.find(({ code }) => code === 'rejection-level-raised')!;
    expect(raised.class).toBe('b');
    // Next to a row of b, four of the five nearest are of a: a share of 0.8 is let in at 0.9.
    expect(raised.numbers!['used']).toBeCloseTo(0.9, 9);
  });

  it('refuses options out of range', () => {
    for (const rejectionLevel of [0, 1.1, Number.NaN]) expect(() => lee({ rejectionLevel })).toThrow('rejectionLevel');
    expect(() => lee({ mNeighbors: 0 })).toThrow('mNeighbors must be a whole number of at least 1');
  });
});
