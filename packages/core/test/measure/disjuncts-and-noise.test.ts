import { describe, expect, it } from 'vitest';
import { labelNoiseSuspects } from '../../src/measure/label-noise.ts';
import { crossClassDuplicates } from '../../src/measure/near-duplicates.ts';
import { smallDisjuncts } from '../../src/measure/small-disjuncts.ts';
import { around, clouds, distanceOf, find, labelled, tied } from './difficulty-sets.ts';

const cloud = (centre: number, count: number) => Array.from({ length: count }, (_, i) => [centre + i / 100]);

describe('smallDisjuncts', () => {
  it('are the pieces of a class that others keep apart', async () => {
    const rows = [...cloud(0, 8), ...cloud(10, 20), ...cloud(20, 3), ...cloud(30, 20), [45], ...cloud(50, 9)];
    const data = labelled(
      rows,
      rows.map(([x]) => ((x! >= 10 && x! < 12) || (x! >= 30 && x! < 32) || x! >= 50 ? 0 : 1)),
    );
    const [zero, one] = smallDisjuncts(data.y, await around(data));
    expect(one!.sizes).toEqual([8, 3, 1]);
    expect(one!.largestShare).toBeCloseTo(8 / 12, 15);
    expect(one!.smallShare).toBeCloseTo(4 / 12, 15);
    expect(Array.from(one!.clusterOf)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2]);
    expect(zero!.sizes).toEqual([20, 20, 9]);
  });

  it('join rows if either is a neighbour of the other, and say nothing of a class seen in part', async () => {
    // The far row has its class next to it in order of distance, but is no neighbour of any of them.
    const data = labelled(
      [...cloud(0, 7), [5], ...cloud(100, 7)],
      [...Array<number>(8).fill(1), ...Array<number>(7).fill(0)],
    );
    expect(smallDisjuncts(data.y, await around(data))[1]!.sizes).toEqual([8]);
    const part = await around(data, 5, Int32Array.from([0, 1, 2, 3, 4, 5, 6, 7, 8]));
    expect(smallDisjuncts(data.y, part).map((of) => of?.sizes ?? null)).toEqual([null, [8]]);
  });
});

describe('labelNoiseSuspects', () => {
  it('are rows wholly inside another class, the most surprising first', async () => {
    const rows = [...cloud(0, 300), ...cloud(100, 12)];
    const codes = rows.map(([x]) => (x! >= 100 ? 1 : 0));
    codes[150] = 1; // inside the common class
    codes[305] = 0; // inside the rare class
    const data = labelled(rows, codes);
    const suspects = labelNoiseSuspects(data, await around(data));
    expect(suspects.map(({ row, surroundedBy, verdict }) => [row, surroundedBy, verdict])).toEqual([
      [305, 1, 'wrong-label'],
      [150, 0, 'wrong-label-or-rare-case'],
    ]);
    expect(suspects[0]!.surprise).toBeCloseTo(-5 * Math.log2(12 / 312), 12);
  });

  it('are not at a border, and not surrounded by several classes', async () => {
    // Row at 3.0 has five enemies to its left, of which the nearest have rows of its class among theirs.
    const border = labelled([...cloud(0, 6), [0.2], [0.25], [0.3]], [0, 0, 0, 0, 0, 0, 1, 1, 1]);
    expect(labelNoiseSuspects(border, await around(border, 2))).toEqual([]);
    const mixed = labelled(
      [...cloud(0, 4), [0.05], ...cloud(0.06, 4), ...cloud(9, 5)],
      [0, 0, 0, 0, 2, 1, 1, 1, 1, 2, 2, 2, 2, 2],
    );
    expect(labelNoiseSuspects(mixed, await around(mixed)).map(({ row }) => row)).toEqual([]);
  });
});

describe('crossClassDuplicates', () => {
  it('are the nearest rows of other classes within the tolerance, whatever the duplicates', async () => {
    for (const data of [tied(70, 1), tied(90, 2, 3), clouds([60, 20], 2, 3, 0.1)]) {
      for (const tolerance of [0, 0.05, 1]) {
        const { pairs, exactShare } = await crossClassDuplicates(data, await around(data, 2), { find, tolerance });
        const expected = Array.from(data.y.codes, (code, row) => {
          let other = -1;
          for (const [candidate, theirs] of data.y.codes.entries()) {
            if (theirs === code) continue;
            if (other < 0 || distanceOf(data.X, row, candidate) < distanceOf(data.X, row, other)) other = candidate;
          }
          return { row, other, distance: distanceOf(data.X, row, other) };
        });
        const near = expected.filter(({ distance }) => distance <= tolerance);
        expect(pairs).toEqual(near.sort((a, b) => a.distance - b.distance || a.row - b.row));
        const exact = expected.filter(({ distance }) => distance === 0).length;
        expect(exactShare.value).toBeCloseTo(exact / data.X.rows, 14);
      }
    }
  });

  it('take a hundredth of the median nearest distance by default', async () => {
    const data = labelled([[0], [1], [2], [3], [4], [4.005], [4.03]], [0, 0, 0, 0, 0, 1, 1]);
    const { tolerance, pairs } = await crossClassDuplicates(data, await around(data, 3), { find });
    expect(tolerance).toBe(0.01);
    expect(pairs.map(({ row, other }) => [row, other])).toEqual([
      [4, 5],
      [5, 4],
    ]);
    await expect(crossClassDuplicates(data, await around(data), { find, tolerance: -1 })).rejects.toMatchObject({
      code: 'bad-option',
    });
  });
});
